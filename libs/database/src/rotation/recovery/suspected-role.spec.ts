import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../../credentials/database-credential.js';
import { StaticCredential } from '../../credentials/roles/static-credential.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { CredentialSupply } from '../../supply/credential-supply.js';
import { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import { RefusedCredentials } from './refused-credentials.js';
import { resolveRotationOptions } from '../../options/resolve-rotation-options.js';
import { SuspectedRole } from './suspected-role.js';

const credential = new DatabaseCredential({ username: 'v-app' });

/** Counts the log-ins of a pool whose role has or has not gone. */
class Suspicion {
  readonly clock = new ManualClock();
  readonly probedAtMs: number[] = [];
  replacements = 0;
  isGone = false;
  readonly #suspected: SuspectedRole;

  constructor() {
    const [clock, rotation, random] = [this.clock, resolveRotationOptions(), (): number => 0];
    const issued = new StaticCredential(credential, { readAtMs: clock.nowMs(), ttlMs: 3_600_000, periodMs: 0 });
    const source = { name: 'database/creds/reader', mints: true, issue: async () => issued };
    const supply = new CredentialSupply({ source, rotation, clock, random });
    const lifetime = new CredentialLifetime({
      source: source.name,
      clock,
      random,
      rotation,
      emit: () => undefined,
      leadMs: () => 0,
      availableAtMs: () => supply.availableAtMs(),
      onDue: () => undefined,
      onExpired: () => undefined,
      onOverdue: () => undefined,
    });
    lifetime.begin(lifetime.number(issued));
    const refused = new RefusedCredentials({
      clock,
      rotation,
      pools: new Set(),
      stopping: new AbortController().signal,
      lifetime,
      supply,
      rotations: { underWay: undefined, rotate: async () => void (this.replacements += 1) },
    });
    this.#suspected = new SuspectedRole({ clock, lifetime, onRefused: (...report) => refused.loginRejected(...report) });
  }

  /** A statement is denied every `everyMs`. */
  async denyFor(durationMs: number, everyMs: number): Promise<void> {
    const pool = { proveActive: () => this.#logIn() } as unknown as RotatablePool;
    for (let passedMs = 0; passedMs < durationMs; passedMs += everyMs) {
      void this.#suspected.suspected(pool, credential);
      await this.clock.advance(everyMs);
    }
  }

  async #logIn(): ReturnType<RotatablePool['proveActive']> {
    this.probedAtMs.push(this.clock.nowMs());
    return this.isGone ? { kind: 'login', reason: '28P01' } : undefined;
  }
}

describe('SuspectedRole', () => {
  it('is found out about at once, although the application was denied something of its own just before', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(400, 100);
    suspicion.isGone = true;
    await suspicion.denyFor(100, 100);
    expect(suspicion.replacements).toBe(1);
  });

  it('is looked for by five log-ins and then by one a second, however often the application is denied something', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(20_000, 10);
    expect(suspicion.probedAtMs.length).toBeGreaterThanOrEqual(5 + 18);
    expect(suspicion.probedAtMs.length).toBeLessThanOrEqual(5 + 20);
    for (const [index, atMs] of suspicion.probedAtMs.slice(5).entries())
      expect(atMs - suspicion.probedAtMs[index + 4]!).toBeGreaterThanOrEqual(index === 0 ? 900 : 1_000);
  });

  it('is found out about within a second, although the application is denied something ten times a second', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(10_050, 100);
    suspicion.isGone = true;
    await suspicion.denyFor(1_000, 100);
    expect(suspicion.replacements).toBe(1);
  });

  it('is looked for once more, later when there were too many denials', async () => {
    const suspicion = new Suspicion();
    await suspicion.denyFor(1_000, 10);
    suspicion.isGone = true;
    await suspicion.denyFor(10, 10);
    expect(suspicion.replacements).toBe(0);
    await suspicion.clock.advance(1_000);
    expect(suspicion.replacements).toBe(1);
  });
});
