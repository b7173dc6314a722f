import { CredentialsInvalidError } from '../../errors/credentials-invalid.error.js';
import type { IssuedCredential } from '../issued-credential.js';

/** A time beyond it belongs to another clock: `Date.now()` is 56 years ahead of a clock that begins with the process. */
const longestLifeMs = 50 * 365 * 86_400_000;
/** Credentials with a shorter life would be replaced without end. */
const leastLifeMs = 100;
const methods = ['subscribe', 'shorten', 'revoke', 'release'] as const;

/**
 * Checks credentials that a source has issued, before anything uses them.
 * @param source name, for the message
 * @param nowMs on the monotonic clock
 * @throws CredentialsInvalidError that names the field
 */
export function checkIssued(issued: IssuedCredential, source: string, nowMs: number): void {
  const refuse = (field: string, expected: string, found: unknown): never => {
    throw new CredentialsInvalidError(`${field} of the credentials that ${source} issued must be ${expected}, but is ${shown(found)}.`, {
      setting: 'credentials',
      remedy: 'They are not used, and revoked. Correct the source.',
    });
  };
  if (typeof issued !== 'object' || issued === null) return refuse('The value', 'an IssuedCredential', issued);
  const { credential, atExpiry, extendable } = issued;
  if (typeof credential?.username !== 'string' || credential.username === '') {
    refuse('credential.username', 'a text that is not empty', credential?.username);
  }
  if (typeof credential.revealPassword !== 'function') refuse('credential', 'a DatabaseCredential', typeof credential);
  if (atExpiry !== 'unusable' && atExpiry !== 'replaced') refuse('atExpiry', "'unusable' or 'replaced'", atExpiry);
  if (typeof extendable !== 'boolean') refuse('extendable', 'true or false', extendable);
  for (const field of ['issuedAtMs', 'expiresAtMs'] as const) {
    if (!isTime(issued[field], nowMs)) {
      refuse(field, 'a number of milliseconds on the monotonic clock (performance.now()), within fifty years from now', issued[field]);
    }
  }
  if (atExpiry === 'unusable' && issued.expiresAtMs < nowMs + leastLifeMs) {
    refuse('expiresAtMs', `at least ${leastLifeMs} ms from now on the monotonic clock (${Math.round(nowMs)})`, issued.expiresAtMs);
  }
  for (const name of methods) if (typeof issued[name] !== 'function') refuse(name, 'a function', typeof issued[name]);
}

/** Whether `value` can be a time of credentials that are used now. */
export function isTime(value: unknown, nowMs: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value - nowMs) <= longestLifeMs;
}

/** The value of a number, and only the type of anything else: a text may be a secret. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : value === '' ? 'empty' : typeof value;
}
