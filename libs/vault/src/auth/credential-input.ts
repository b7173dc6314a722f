import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { isJsonObject } from '../support/json/json-fields.js';
import { shownSetting, type Setting } from '../support/checked/setting.js';

/**
 * A credential given as text, as a file that is read again at each log-in, or by a function called at each log-in. The signal aborts
 * when the log-in has to end: what comes later is not used.
 */
export type CredentialInput = string | { readonly file: string } | ((signal: AbortSignal) => string | Promise<string>);

/**
 * Refuses at start what is already known to be unusable; takes `unknown`, because configuration often arrives untyped.
 * @throws VaultConfigurationError if the credential is missing, empty or of another type
 */
export function checkCredential(input: unknown, setting: Setting): asserts input is CredentialInput {
  if (typeof input === 'function') return;
  const text = isJsonObject(input) ? input['file'] : input;
  if (typeof text !== 'string' || text.trim() === '') throw emptyCredential(setting, text);
}

/** A credential that was found in the environment knows the name of its variable. */
export function namedSetting(input: unknown, setting: Setting): Setting {
  const variable = isJsonObject(input) ? input['variable'] : undefined;
  return typeof variable === 'string' ? { ...setting, variable } : setting;
}

/** What to say of a credential that is missing, or of which `value` cannot be one. */
export function emptyCredential(setting: Setting, value?: unknown): VaultConfigurationError {
  const isMissing = value === undefined || value === null || typeof value === 'string';
  const what = isMissing ? 'is missing or empty' : `has to be text, and is of the type ${typeof value}`;
  return new VaultConfigurationError(`${shownSetting(setting)} ${what}.`, {
    setting: setting.variable,
    remedy: 'Set it to a value, to a file that holds one, or to a function that returns one.',
  });
}
