import { readFile } from 'node:fs/promises';
import { errorCodeOf } from '../client/transport-error.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { isJsonObject } from '../support/json-fields.js';
import { SecretValue } from '../support/secret-value.js';
import { shownSetting, type Setting } from '../support/setting.js';

/** A credential given as text, as a file that is read again at each log-in, or by a function called at each log-in. */
export type CredentialInput = string | { readonly file: string } | (() => string | Promise<string>);

/**
 * Reads the credential, trimmed.
 * @throws VaultConfigurationError if it is empty or its file cannot be read; never shows the value
 */
export async function readCredential(input: CredentialInput, setting: Setting): Promise<SecretValue> {
  const value = await rawCredential(input, setting);
  if (typeof value !== 'string' || value.trim() === '') throw emptyCredential(namedSetting(input, setting));
  return new SecretValue(value.trim());
}

/**
 * Refuses at start what is already known to be unusable; takes `unknown`, because configuration often arrives untyped.
 * @throws VaultConfigurationError if the credential is missing, empty or of another type
 */
export function checkCredential(input: unknown, setting: Setting): asserts input is CredentialInput {
  if (typeof input === 'function') return;
  const text = isJsonObject(input) ? input['file'] : input;
  if (typeof text !== 'string' || text.trim() === '') throw emptyCredential(setting);
}

/** A credential that was found in the environment knows the name of its variable. */
function namedSetting(input: unknown, setting: Setting): Setting {
  const variable = isJsonObject(input) ? input['variable'] : undefined;
  return typeof variable === 'string' ? { ...setting, variable } : setting;
}

/** Text, unless a function gives something else against its type. */
async function rawCredential(input: CredentialInput, setting: Setting): Promise<unknown> {
  if (typeof input === 'string') return input;
  if (typeof input === 'function') return input();
  try {
    return await readFile(input.file, 'utf8');
  } catch (error) {
    const shown = namedSetting(input, setting);
    throw new VaultConfigurationError(`The file ${input.file} of ${shownSetting(shown)} cannot be read (${errorCodeOf(error)}).`, {
      setting: shown.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}

function emptyCredential(setting: Setting): VaultConfigurationError {
  return new VaultConfigurationError(`${shownSetting(setting)} is missing or empty.`, {
    setting: setting.variable,
    remedy: 'Set it to a value, or to a file that holds one.',
  });
}
