import { readFile } from 'node:fs/promises';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { isJsonObject } from '../support/json-fields.js';
import { SecretValue } from '../support/secret-value.js';

/** A credential given as text, as a file that is read again at each log-in, or by a function called at each log-in. */
export type CredentialInput = string | { readonly file: string } | (() => string | Promise<string>);

/**
 * Reads the credential, trimmed.
 * @param setting how the message names it, such as `VAULT_SECRET_ID (option secretId)`
 * @throws VaultConfigurationError if it is empty or its file cannot be read; never shows the value
 */
export async function readCredential(input: CredentialInput, setting: string): Promise<SecretValue> {
  const value = (await rawCredential(input, setting)).trim();
  if (value === '') throw emptyCredential(setting);
  return new SecretValue(value);
}

/**
 * Refuses at start what is already known to be unusable; takes `unknown`, because configuration often arrives untyped.
 * @throws VaultConfigurationError if the credential is missing, empty or of another type
 */
export function checkCredential(input: unknown, setting: string): asserts input is CredentialInput {
  const text = isJsonObject(input) ? input['file'] : input;
  if (typeof text === 'function' && text === input) return;
  if (typeof text !== 'string' || text.trim() === '') throw emptyCredential(setting);
}

async function rawCredential(input: CredentialInput, setting: string): Promise<string> {
  if (typeof input === 'string') return input;
  if (typeof input === 'function') return input();
  try {
    return await readFile(input.file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new VaultConfigurationError(`The file ${input.file} of ${setting} cannot be read (${code}).`, {
      remedy: 'Check the path and its permissions.',
    });
  }
}

function emptyCredential(setting: string): VaultConfigurationError {
  return new VaultConfigurationError(`${setting} is missing or empty.`, { remedy: 'Set it to a value, or to a file that holds one.' });
}
