/** Code and message of an error, for events and snapshots: typed errors of this project have a code, the others a name. */
export function errorFacts(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: 'Unknown failure.' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}
