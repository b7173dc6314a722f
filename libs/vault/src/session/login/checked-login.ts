import type { LoginResult } from '../../auth/auth-method.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { fieldsOf, isJsonObject, isSeconds, isWholeNumber, textOf } from '../../support/json/json-fields.js';
import { SecretValue } from '../../support/redaction/secret-value.js';

/** A log-in whose facts can be counted with, wherever they came from. */
export interface CheckedLogin extends Omit<LoginResult, 'token' | 'sentAtMs' | 'identity' | 'numUses'> {
  readonly token: SecretValue;
  readonly sentAtMs: number;
  readonly identity: string;
  /** How often the token may be used; undefined: not limited. */
  readonly uses: number | undefined;
}

/** The log-in itself, on the monotonic clock. */
export interface LoginTimes {
  /** Name of the auth method, for messages. */
  readonly method: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * What a log-in gave, checked: a method may be an application's own, and an answer of Vault may come from what stands before it. A number
 * that is none would make timers fire at once, and every call log in again.
 * @throws VaultResponseInvalidError for facts that nobody can count with; VaultTimeoutError for a token that is over already
 */
export function checkedLogin(result: LoginResult, times: LoginTimes): CheckedLogin {
  const given = fieldsOf(result) as Partial<LoginResult>;
  const { ttlSeconds } = given;
  const token = tokenOf(given.token);
  if (token === undefined) throw unusable('token', times);
  if (!isSeconds(ttlSeconds) || (ttlSeconds > 0 && ttlSeconds < 1)) throw unusable(`ttlSeconds (${shown(ttlSeconds)})`, times);
  const { numUses = 0 } = given;
  if (!isWholeNumber(numUses)) throw unusable(`numUses (${shown(numUses)})`, times);
  const sentAtMs = lifeFromMs(given.sentAtMs, times);
  if (ttlSeconds > 0 && sentAtMs + ttlSeconds * 1_000 <= times.endedAtMs) throw overAlready(ttlSeconds, times.endedAtMs - sentAtMs, times);
  return {
    token,
    ttlSeconds,
    sentAtMs,
    renewable: given.renewable === true,
    owned: given.owned === true,
    canLookUpSelf: given.canLookUpSelf === true,
    identity: textOf(given.identity),
    uses: numUses === 0 ? undefined : numUses,
  };
}

function tokenOf(token: unknown): SecretValue | undefined {
  // Not by its class: the method may have come with a copy of this package.
  const text =
    isJsonObject(token) && typeof token['reveal'] === 'function' ? textOf((token as unknown as SecretValue).reveal()) : textOf(token);
  return text.trim() === '' ? undefined : new SecretValue(text.trim());
}

/** No life begins after the log-in: a time of another clock, such as the wall's, is taken for the beginning of the log-in. */
function lifeFromMs(sentAtMs: unknown, { startedAtMs, endedAtMs }: LoginTimes): number {
  return typeof sentAtMs === 'number' && Number.isFinite(sentAtMs) && sentAtMs <= endedAtMs ? sentAtMs : startedAtMs;
}

function unusable(what: string, { method }: LoginTimes): VaultResponseInvalidError {
  return new VaultResponseInvalidError(`The ${method} log-in gave no usable ${what}.`, {
    remedy:
      'A log-in has to give a token that is text, and its TTL in seconds: one or more, or 0 for a token that does not expire. Check that VAULT_ADDR points at Vault itself, and the auth method if it is your own.',
  });
}

function overAlready(ttlSeconds: number, ageMs: number, { method }: LoginTimes): VaultTimeoutError {
  return new VaultTimeoutError(
    `The token of the ${method} log-in is over already: it lives ${ttlSeconds} s, and was asked for ${Math.round(ageMs)} ms ago.`,
    {
      remedy: 'Raise the TTL of the role, or check the load of Vault and what the log-in waits for.',
    },
  );
}

/** A number as it is; of anything else only its type, as it could be a secret in the wrong place. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : `of the type ${value === null ? 'null' : typeof value}`;
}
