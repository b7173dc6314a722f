import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import type { CredentialEvent } from '../credentials/credential-event.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { Draining, RotatablePool } from '../pool/rotatable-pool.js';
import { RotationController } from './rotation-controller.js';
import type { RotationEvent } from './rotation-event.js';

const hung = new Promise<never>(() => undefined);

/** Credentials whose source the spec plays. */
class PlayedCredential implements IssuedCredential {
  readonly atExpiry = 'unusable';
  readonly extendable = false;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  revocations = 0;
  releases = 0;
  onRevoke: () => Promise<void> = () => Promise.resolve();
  announce: (event: CredentialEvent) => void = () => undefined;

  constructor(
    clock: ManualClock,
    readonly credential: DatabaseCredential,
  ) {
    this.issuedAtMs = clock.nowMs();
    this.expiresAtMs = clock.nowMs() + 600_000;
  }

  subscribe(listener: (event: CredentialEvent) => void): () => void {
    this.announce = listener;
    return () => undefined;
  }

  async shorten(): Promise<void> {}

  revoke(): Promise<void> {
    this.revocations += 1;
    return this.onRevoke();
  }

  release(): void {
    this.releases += 1;
  }
}

const drained: Draining = { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
const pool: RotatablePool = {
  prepare: () => Promise.resolve({ commit: () => drained, abort: () => undefined }),
  adopt: () => ({ commit: () => drained, abort: () => undefined }),
  proveActive: () => Promise.resolve(undefined),
  suspend: () => undefined,
  quiet: () => Promise.resolve(),
  close: () => Promise.resolve(),
  snapshot: () => {
    throw new Error('not asked for');
  },
};

class Stage {
  readonly clock = new ManualClock();
  readonly issued: PlayedCredential[] = [];
  readonly events: RotationEvent[] = [];
  readonly askedAtMs: number[] = [];
  beforeIssue: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly controller = new RotationController({
    source: { name: 'database/creds/reader', mints: true, issue: (signal) => this.#issue(signal) },
    adapter: {} as DriverAdapter,
    clock: this.clock,
    random: () => 0,
    rotation: { shutdownMs: 10_000 },
  });

  constructor() {
    this.controller.subscribe((event) => this.events.push(event));
  }

  async #issue(signal: AbortSignal): Promise<IssuedCredential> {
    this.askedAtMs.push(this.clock.nowMs());
    await this.beforeIssue(signal);
    const issued = new PlayedCredential(this.clock, new DatabaseCredential({ username: `u${this.issued.length + 1}` }));
    this.issued.push(issued);
    return issued;
  }
}

/** Calls `refreshNow()` 20 times a second. @returns what the callers got */
async function refreshInALoop(stage: Stage, seconds: number): Promise<Set<unknown>> {
  const failures = new Set<unknown>();
  for (let call = 0; call < seconds * 20; call += 1) {
    void stage.controller.refreshNow().catch((error: unknown) => failures.add(error));
    await stage.clock.advance(50);
  }
  return failures;
}

/** First credentials that were replaced while their source was away. */
async function replaced(): Promise<{ readonly stage: Stage; readonly old: PlayedCredential }> {
  const stage = new Stage();
  await stage.controller.admit(pool);
  const old = stage.issued[0]!;
  old.shorten = () => Promise.reject(new Error('away'));
  old.onRevoke = () => Promise.reject(new Error('away'));
  await stage.controller.refreshNow();
  await stage.clock.advance(0);
  return { stage, old };
}

/** How the first credentials came to their end. */
function outcomes({ events }: Stage): string[] {
  return events
    .filter((event) => (event.type === 'revocationFailed' || event.type === 'credentialsRevoked') && event.generation === 1)
    .map(({ type }) => type);
}

describe('RotationController', () => {
  describe('when it stops', () => {
    it('waits for first credentials that are being issued, and revokes them', async () => {
      const stage = new Stage();
      const asked = new EventEmitter();
      stage.beforeIssue = async (signal) => void (await once(asked, 'answer', { signal }));
      const admitted = stage.controller.admit(pool).catch((error: unknown) => error);
      const stopped = stage.controller.stop();
      await stage.clock.advance(1_000);
      asked.emit('answer');
      await stopped;
      expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1]);
      expect(await admitted).toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
      expect(stage.controller.snapshot().generation).toBeUndefined();
    });

    it('waits for credentials that are being issued to replace others, and revokes both', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      const asked = new EventEmitter();
      stage.beforeIssue = async (signal) => void (await once(asked, 'answer', { signal }));
      const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
      const stopped = stage.controller.stop();
      await stage.clock.advance(1_000);
      asked.emit('answer');
      await stopped;
      expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1, 1]);
      expect(await refreshed).toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
    });

    it('is done at its deadline although the source hangs, and asks it for nothing more', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      stage.beforeIssue = async (signal) => void (await once(new EventEmitter(), 'answer', { signal }));
      const refreshed = stage.controller.refreshNow().catch((error: unknown) => error);
      let isDone = false;
      const stopped = stage.controller.stop().then(() => (isDone = true));
      await stage.clock.advance(10_500);
      expect(isDone).toBe(true);
      await stopped;
      expect(await refreshed).toMatchObject({ name: 'AbortError' });
      expect(stage.askedAtMs).toHaveLength(2);
      expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1]);
    });

    it('ends a pause between two tries at once', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      stage.beforeIssue = () => Promise.reject(new Error('away'));
      await expect(stage.controller.refreshNow()).rejects.toThrow('away');
      await stage.controller.stop();
      await stage.clock.advance(60_000);
      expect(stage.askedAtMs).toHaveLength(2);
    });

    it('is done at its deadline although a pool, a revocation and a retirement hang', async () => {
      const stage = new Stage();
      const hanging: RotatablePool = { ...pool, quiet: () => hung, close: () => hung };
      await stage.controller.admit(hanging);
      stage.issued[0]!.onRevoke = () => hung;
      await stage.controller.refreshNow();
      stage.issued[1]!.onRevoke = () => hung;
      let isDone = false;
      const stopped = stage.controller.stop().then(() => (isDone = true));
      await stage.clock.advance(9_900);
      expect(isDone).toBe(false);
      await stage.clock.advance(700);
      expect(isDone).toBe(true);
      await stopped;
      expect(stage.events.filter(({ type }) => type === 'revocationFailed')).toHaveLength(2);
    });

    it('counts its time from the beginning of the shutdown', async () => {
      const stage = new Stage();
      await stage.controller.admit({ ...pool, quiet: () => hung, close: () => hung });
      const quiesced = stage.controller.quiesce();
      await stage.clock.advance(7_000);
      await quiesced;
      const stopped = stage.controller.stop();
      await stage.clock.advance(3_000);
      await stopped;
      expect(stage.issued[0]?.revocations).toBe(1);
    });

    it('tries a revocation that failed once more, at once', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      stage.issued[0]!.onRevoke = () => Promise.reject(new Error('away'));
      await stage.controller.refreshNow();
      await stage.clock.advance(0);
      await stage.controller.stop();
      expect(stage.issued.map(({ revocations }) => revocations)).toEqual([2, 1]);
    });
  });

  describe('when refreshNow() is called in a loop while the source is away', () => {
    it.each([
      ['with pools that serve', (stage: Stage) => stage.controller.admit(pool)],
      ['before the first credentials', () => Promise.resolve()],
    ])('asks it once a second at the most, and tells every caller why: %s', async (_, prepare) => {
      const stage = new Stage();
      await prepare(stage);
      const before = stage.askedAtMs.length;
      const away = new Error('away');
      stage.beforeIssue = () => Promise.reject(away);
      expect(await refreshInALoop(stage, 10)).toEqual(new Set([away]));
      const asked = stage.askedAtMs.slice(before);
      expect(asked.length).toBeGreaterThanOrEqual(5);
      for (const [index, atMs] of asked.entries()) expect(atMs - (asked[index - 1] ?? -1_000)).toBeGreaterThanOrEqual(1_000);
      expect(stage.events.filter(({ type }) => type === 'rotationFailed')).toHaveLength(asked.length);
    });

    it('joins the callers to the try that is under way', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      const asked = new EventEmitter();
      stage.beforeIssue = async () => void (await once(asked, 'answer'));
      const callers = Promise.all(Array.from({ length: 20 }, () => stage.controller.refreshNow()));
      await stage.clock.advance(0);
      asked.emit('answer');
      await callers;
      expect(stage.issued).toHaveLength(2);
    });

    it('serves the first caller a second after the source is back', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      stage.beforeIssue = () => Promise.reject(new Error('away'));
      await refreshInALoop(stage, 2);
      stage.beforeIssue = () => Promise.resolve();
      await stage.clock.advance(1_000);
      await stage.controller.refreshNow();
      expect(stage.events.map(({ type }) => type)).toContain('credentialsRotated');
    });

    it('does not hold up callers whose rotations succeed', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      for (let call = 0; call < 5; call += 1) await stage.controller.refreshNow();
      expect(stage.issued).toHaveLength(6);
    });
  });

  it('tries once to revoke credentials that are reported lost', async () => {
    const stage = new Stage();
    await stage.controller.admit(pool);
    stage.issued[0]!.announce({ type: 'lost', reason: 'revoked' });
    await stage.clock.advance(0);
    expect(stage.issued.map(({ revocations }) => revocations)).toEqual([1, 0]);
    await stage.controller.stop();
  });

  describe('when replaced credentials can be neither shortened nor revoked', () => {
    it('they are revoked when the source is back, however late, and it is asked once a second at the most', async () => {
      const { stage, old } = await replaced();
      await stage.clock.advance(300_000);
      expect(outcomes(stage)).toEqual(['revocationFailed']);
      expect(old.revocations).toBeLessThanOrEqual(16);
      old.onRevoke = () => Promise.resolve();
      await stage.clock.advance(30_000);
      expect(outcomes(stage)).toEqual(['revocationFailed', 'credentialsRevoked']);
      expect(old.releases).toBe(0);
      await stage.controller.stop();
    });

    it('they are forgotten once they have ended by themselves', async () => {
      const { stage, old } = await replaced();
      await stage.clock.advance(640_000);
      expect(outcomes(stage)).toEqual(['revocationFailed']);
      expect(old.releases).toBe(1);
      const { revocations } = old;
      await stage.clock.advance(60_000);
      expect(old.revocations).toBe(revocations);
      await stage.controller.stop();
    });

    it('the application that stops tries once more, at once, and leaves what still lives to the source', async () => {
      const { stage, old } = await replaced();
      await stage.clock.advance(20_000);
      const { revocations } = old;
      await stage.controller.stop();
      expect(old.revocations).toBe(revocations + 1);
      expect(old.releases).toBe(0);
      expect(outcomes(stage)).toEqual(['revocationFailed']);
    });
  });
});
