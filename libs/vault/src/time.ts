/**
 * The timing rules that the libraries of Keyturn share, as `@keyturn/vault/time`: one back-off, one time limit, one way to leave early.
 * An entry point of its own, and light: who imports it loads nothing else. Applications need none of it. It may change in any minor version,
 * together with the range of versions that `@keyturn/database` asks for.
 */
export { abandonable } from './support/abandonable.js';
export { backoffMs, type BackoffOptions } from './support/time/backoff.js';
export { withinTime, type TimeLimit } from './support/time/within-time.js';
