import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { CredentialTenure } from './credential-tenure.js';
import { RefusedCredentials } from './refused-credentials.js';

const credential = new DatabaseCredential({ username: 'v-app' });

/** Counts the log-ins of a pool whose role has or has not gone. */
class Suspicion {
  readonly clock = new ManualClock();
  readonly probedAtMs: number[] = [];
  replacements = 0;
  isGone = false;
  readonly #refused = new RefusedCredentials({
    source: 'database/creds/reader',
    clock: this.clock,
    tenure: { current: { credential }, failureInForce: undefined } as CredentialTenure,
    underWay: () => undefined,
    replace: async () => void (this.replacements += 1),
  });

  /** A statement is denied every `everyMs`. */
  async denyFor(durationMs: number, everyMs: number): Promise<void> {
    const pool = { proveActive: () => this.#logIn() } as unknown as RotatablePool;
    for (let passedMs = 0; passedMs < durationMs; passedMs += everyMs) {
      void this.#refused.roleSuspected(pool, credential);
      await this.clock.advance(everyMs);
    }
  }

  async #logIn(): ReturnType<RotatablePool['proveActive']> {
    this.probedAtMs.push(this.clock.nowMs());
    return this.isGone ? { kind: 'login', reason: '28P01' } : undefined;
  }
}

describe('RefusedCredentials', () => {
  it('find out about a lost role at once, although the application was denied something of its own just before', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(400, 100);
    suspicion.isGone = true;
    await suspicion.denyFor(100, 100);
    expect(suspicion.replacements).toBe(1);
  });

  it('log in five times in five seconds at the most, however often the application is denied something', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(20_000, 10);
    expect(suspicion.probedAtMs.length).toBeGreaterThanOrEqual(15);
    for (const [index, atMs] of suspicion.probedAtMs.entries())
      expect(atMs - (suspicion.probedAtMs[index - 5] ?? -5_000)).toBeGreaterThanOrEqual(5_000);
  });

  it('look once more later when there were too many denials', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(1_000, 10);
    suspicion.isGone = true;
    await suspicion.denyFor(10, 10);
    expect(suspicion.replacements).toBe(0);
    await suspicion.clock.advance(5_000);
    expect(suspicion.replacements).toBe(1);
  });
});
