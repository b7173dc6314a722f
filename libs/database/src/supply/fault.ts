import { isDatabaseError } from '../errors/is-database-error.js';

/**
 * Why new credentials could not be used:
 * - `login`: the database refused the log-in.
 * - `grants`: the role logged in, but lacks a right that the set-up of a connection needs.
 * - `server`: the server could not be reached, or its name or certificate is not in order. The same credentials may work later.
 * - `other`: nothing is known about the credentials.
 */
export type Fault = 'login' | 'grants' | 'server' | 'other';

/** Settings that fail for a role without the grants that they take. */
const roleSettings: ReadonlySet<string> = new Set(['rotation.validationQuery', 'typeorm.extra.onConnect', 'credentials']);

export function faultOf(error: unknown): Fault {
  if (isDatabaseError(error, 'DATABASE_LOGIN_REJECTED')) return 'login';
  if (isDatabaseError(error, 'DATABASE_SERVER_UNREACHABLE')) return 'server';
  if (!isDatabaseError(error, 'DATABASE_CONFIGURATION_INVALID')) return 'other';
  return roleSettings.has(error.setting ?? '') ? 'grants' : 'server';
}
