/** Why the application did not start, in facts that may be logged. */
export interface StartFailure {
  readonly message: string;
  readonly code: string;
  /** The variable or option at fault, when the error knows it. */
  readonly setting?: string;
  readonly remedy?: string;
  /** Of errors that nobody foresaw. */
  readonly stack?: string;
}

/** The facts of a typed error of the application or of a Keyturn library; for any other error its message and stack. */
export function startFailureOf(error: unknown): StartFailure {
  if (!(error instanceof Error)) return { message: 'The start failed without an error.', code: 'GRIMOIRE_START_FAILED' };
  const code = textOf(error, 'code');
  const setting = textOf(error, 'setting');
  const remedy = textOf(error, 'remedy');
  const { message, stack } = error;
  if (code === undefined || remedy === undefined) {
    return { message, code: code ?? 'GRIMOIRE_START_FAILED', ...(stack === undefined ? {} : { stack }) };
  }
  return { message, code, remedy, ...(setting === undefined ? {} : { setting }) };
}

function textOf(error: Error, property: string): string | undefined {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
