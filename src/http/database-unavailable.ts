import { isDatabaseError } from '@keyturn/database';
import { isVaultError } from '@keyturn/vault';

/**
 * SQLSTATEs of a server that is away, full or refuses the log-in: class 08 (connection), 28 (authorisation), 53 (resources), 57P0x
 * (shutting down or starting). 42501 is what a session gets whose role was just revoked: its pool is being replaced.
 * Source: PostgreSQL documentation, "Appendix A. Error Codes".
 */
const unavailableStates = /^(08...|28...|53...|57P0[1-5]|42501)$/;

/** What the operating system and Node say when a connection cannot be made or breaks. */
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** pg throws these without a code. */
const driverMessages = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether a query failed because the database could not be reached or logged in to, so that the caller had better come back later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Without credentials from Vault there is no way in either.
  if (isDatabaseError(error) || isVaultError(error)) return true;
  if ('driverError' in error && error.driverError !== error) return isDatabaseUnavailable(error.driverError);
  const code = 'code' in error ? String(error.code) : '';
  return networkCodes.has(code) || unavailableStates.test(code) || driverMessages.test(error.message);
}
