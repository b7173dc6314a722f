/** The SQLSTATE, typed code or system error code of a failed operation; the first words of its message where it has none. */
export function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const driverError = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  if ('code' in driverError && typeof driverError.code === 'string') return driverError.code;
  if (driverError.name !== 'Error') return driverError.name;
  return driverError.message.split(' ').slice(0, 3).join(' ');
}
