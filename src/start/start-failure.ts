import { settingAtFault } from './setting-at-fault.js';

/** Why the application did not start, in facts that may be logged. */
export interface StartFailure {
  readonly message: string;
  readonly code: string;
  /** The variable at fault, when the error tells. */
  readonly setting?: string;
  readonly remedy?: string;
  /** Of errors that nobody foresaw. */
  readonly stack?: string;
}

/**
 * The facts of a typed error of the application or of a Keyturn library; for any other error its message and stack.
 * @param credentialsSetting the variable that named the database role
 */
export function startFailureOf(error: unknown, credentialsSetting: string): StartFailure {
  if (!(error instanceof Error)) return { message: 'The start failed without an error.', code: 'GRIMOIRE_START_FAILED' };
  const { message, stack } = error;
  const code = textOf(error, 'code');
  const setting = settingAtFault(error, credentialsSetting);
  const remedy = textOf(error, 'remedy') ?? (setting === undefined ? undefined : `Check ${setting}.`);
  if (code === undefined || remedy === undefined) {
    return { message, code: code ?? 'GRIMOIRE_START_FAILED', ...(stack === undefined ? {} : { stack }) };
  }
  return { message, code, remedy, ...(setting === undefined ? {} : { setting }) };
}

function textOf(error: Error, property: string): string | undefined {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
