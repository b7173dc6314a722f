import type { Clock } from '@keyturn/vault';
import { callInTime } from './call-in-time.js';
import { isTime } from './check-issued.js';
import type { CredentialEvent } from '../credential-event.js';
import type { DatabaseCredential } from '../database-credential.js';
import type { IssuedCredential } from '../issued-credential.js';

export interface CheckedCredentialOptions {
  readonly clock: Clock;
  /** How long one call may take. */
  readonly timeoutMs: number;
  /** Name of the source, for messages. */
  readonly source: string;
}

/**
 * Credentials of a source that is code of the application, as the rotation sees them: each call ends in time, and each time is a number. A
 * time that means nothing is ignored: the last good one stays.
 */
export class CheckedCredential implements IssuedCredential {
  readonly credential: DatabaseCredential;
  readonly atExpiry: IssuedCredential['atExpiry'];
  readonly #issued: IssuedCredential;
  readonly #options: CheckedCredentialOptions;
  #issuedAtMs: number;
  #expiresAtMs: number;

  /** @param issued what `checkIssued()` has let in */
  constructor(issued: IssuedCredential, options: CheckedCredentialOptions) {
    this.#issued = issued;
    this.#options = options;
    this.credential = issued.credential;
    this.atExpiry = issued.atExpiry;
    this.#issuedAtMs = issued.issuedAtMs;
    this.#expiresAtMs = issued.expiresAtMs;
  }

  get issuedAtMs(): number {
    const { issuedAtMs } = this.#issued;
    if (isTime(issuedAtMs, this.#options.clock.nowMs())) this.#issuedAtMs = issuedAtMs;
    return this.#issuedAtMs;
  }

  get expiresAtMs(): number {
    const { expiresAtMs } = this.#issued;
    if (isTime(expiresAtMs, this.#options.clock.nowMs())) this.#expiresAtMs = expiresAtMs;
    return this.#expiresAtMs;
  }

  get extendable(): boolean {
    return this.#issued.extendable;
  }

  subscribe(listener: (event: CredentialEvent) => void): () => void {
    const unsubscribe: unknown = this.#issued.subscribe(listener);
    return typeof unsubscribe === 'function' ? (unsubscribe as () => void) : () => undefined;
  }

  shorten(afterMs: number, signal?: AbortSignal): Promise<void> {
    return this.#call('shorten()', (ends) => this.#issued.shorten(afterMs, ends), signal);
  }

  revoke(signal?: AbortSignal): Promise<void> {
    return this.#call('revoke()', (ends) => this.#issued.revoke(ends), signal);
  }

  release(): void {
    this.#issued.release();
  }

  #call(what: string, call: (signal: AbortSignal) => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    const { clock, timeoutMs, source } = this.#options;
    return callInTime(call, { clock, timeoutMs, signal, what: `${what} of ${source}` });
  }
}
