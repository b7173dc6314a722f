import type { Clock } from '@keyturn/vault';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { isDatabaseError } from '../../errors/is-database-error.js';
import { callInTime } from './call-in-time.js';
import { checkIssued } from './check-issued.js';
import type { CredentialSource } from '../credential-source.js';
import { CheckedCredential } from './checked-credential.js';
import type { IssuedCredential } from '../issued-credential.js';
import { mayHaveIssued } from '../may-have-issued.js';

const longestRevokeMs = 5_000;

export interface CheckedSourceOptions {
  readonly clock: Clock;
  /** How long one call may take. */
  readonly timeoutMs: number;
}

/**
 * Code of the application that acts as a source, as the rotation sees it: each call ends in time, and issued credentials can be used. Those
 * that come too late or cannot be used are revoked.
 */
export class CheckedSource implements CredentialSource {
  readonly name: string;
  readonly mints: boolean;
  readonly #source: CredentialSource;
  readonly #options: CheckedSourceOptions;
  /** Failures of calls after which a role may exist, or did. */
  readonly #mayHaveIssued = new WeakSet<object>();

  /** @throws DatabaseConfigurationError that names what the source lacks */
  constructor(source: CredentialSource, options: CheckedSourceOptions) {
    checkSource(source);
    this.#source = source;
    this.#options = options;
    this.name = source.name;
    this.mints = source.mints;
  }

  async issue(signal: AbortSignal): Promise<IssuedCredential> {
    const { clock, timeoutMs } = this.#options;
    const issued = await this.#ask(signal);
    try {
      checkIssued(issued, this.name, clock.nowMs());
    } catch (error) {
      this.#mayHaveIssued.add(error as Error);
      await this.#revoke(issued);
      throw error;
    }
    return new CheckedCredential(issued, { clock, timeoutMs, source: this.name });
  }

  mayHaveIssued(error: unknown): boolean {
    if (typeof error === 'object' && error !== null && this.#mayHaveIssued.has(error)) return true;
    return this.#source.mayHaveIssued?.(error) ?? mayHaveIssued(error);
  }

  async repair(signal: AbortSignal): Promise<boolean> {
    if (this.#source.repair === undefined) return false;
    const repaired = await callInTime(async (ends) => this.#source.repair?.(ends), {
      ...this.#options,
      signal,
      what: `repair() of ${this.name}`,
    });
    return repaired === true;
  }

  async #ask(signal: AbortSignal): Promise<IssuedCredential> {
    try {
      return await callInTime(
        (ends) => this.#source.issue(ends),
        { ...this.#options, signal, what: `issue() of ${this.name}` },
        (late) => void this.#revoke(late),
      );
    } catch (error) {
      if (isTimeout(error)) this.#mayHaveIssued.add(error as Error);
      throw error;
    }
  }

  /** Revokes credentials that nobody has seen. Nobody waits for that longer than a moment. Never rejects. */
  async #revoke(issued: IssuedCredential): Promise<void> {
    const time = { ...this.#options, timeoutMs: Math.min(longestRevokeMs, this.#options.timeoutMs), what: `revoke() of ${this.name}` };
    await callInTime((ends) => issued.revoke(ends), time).catch(() => undefined);
  }
}

function isTimeout(error: unknown): boolean {
  return isDatabaseError(error, 'DATABASE_CREDENTIALS_UNAVAILABLE') && error.setting === 'rotation.sourceTimeoutMs';
}

function checkSource(source: CredentialSource): void {
  if (typeof source.name !== 'string' || source.name === '') refuse('name', 'a text that is not empty');
  if (typeof source.mints !== 'boolean') refuse('mints', 'true or false');
  if (typeof source.issue !== 'function') refuse('issue', 'a function');
}

function refuse(field: string, expected: string): never {
  throw new DatabaseConfigurationError(`The source of credentials must have ${field}, ${expected}.`, { setting: 'credentials' });
}
