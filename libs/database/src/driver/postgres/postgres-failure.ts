import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import type { FailureKind } from '../failure-kind.js';

const loginStates = new Set(['28P01', '28000']);
const overloadStates = new Set(['53300', '53200', '53400']);
const networkStates = new Set(['57P01', '57P02', '57P03', '57P05']);
const configurationStates = new Set(['3D000', '42501', '0A000', '22023']);
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'ENOENT',
]);
const networkMessages = /^(Connection terminated|timeout expired|timeout exceeded|Client network socket disconnected)/;
const tlsCodes = /^(?:ERR_(?:TLS|SSL|OSSL)_|EPROTO$)/;
/**
 * Node gives OpenSSL's names of refused certificates (`INVALID_PURPOSE`) without a prefix; `UNSPECIFIED` where it has no name.
 * `tls-codes.ts` of @keyturn/vault has the rule for connections to Vault.
 */
const certificateCodes = /^(?!ABORT_|DATABASE_|EAI_|ERR_|HPE_|UND_|VAULT_)(?:[A-Z]+(?:_[A-Z]+)+|UNSPECIFIED)$/;
const tlsMessages = /SSL connection|does not support SSL/;

/**
 * The kind of a failed connection to PostgreSQL, from the SQLSTATE (PostgreSQL, appendix A), the system error code or, where pg gives
 * neither, its message. A certificate that is not trusted is a configuration error: other credentials do not help.
 */
export function postgresFailureKind(error: unknown): FailureKind {
  if (error instanceof DatabaseConfigurationError) return 'configuration';
  const code = postgresFailureReason(error);
  if (loginStates.has(code)) return 'login';
  if (overloadStates.has(code)) return 'overload';
  if (networkStates.has(code) || networkCodes.has(code) || code.startsWith('08')) return 'network';
  if (code === 'ENOTFOUND') return 'name';
  if (configurationStates.has(code) || tlsCodes.test(code) || certificateCodes.test(code)) return 'configuration';
  const message = error instanceof Error ? error.message : '';
  if (networkMessages.test(message)) return 'network';
  if (tlsMessages.test(message)) return 'configuration';
  return error instanceof AggregateError && error.errors.length > 0 ? postgresFailureKind(error.errors[0]) : 'other';
}

/**
 * Whether a refused log-in may be of a role that the server has not heard of yet. Not so for one that it knows and that may not log in, or
 * for which pg_hba.conf has no rule: PostgreSQL says both, and a role that it does not know, with 28000, but from other places of its source.
 */
export function mayAcceptLater(error: unknown): boolean {
  const { routine, message } = error as { readonly routine?: unknown; readonly message?: unknown };
  if (routine === 'ClientAuthentication') return false;
  return !(routine === 'InitializeSessionUserId' && String(message).includes('not permitted to log in'));
}

/** SQLSTATE or system error code of the error, or the first words of pg's message where it has none. */
export function postgresFailureReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof DatabaseConfigurationError && error.reason !== undefined) return error.reason;
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  if (networkMessages.test(error.message)) return 'connection closed or timed out';
  return error.name;
}
