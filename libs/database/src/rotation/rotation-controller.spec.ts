import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { pool, Stage } from './rotation-stage.fixture.js';

const hung = new Promise<never>(() => undefined);

/** Calls `refreshNow()` 20 times a second. @returns what the callers got */
async function refreshInALoop(stage: Stage, seconds: number): Promise<Set<unknown>> {
  const failures = new Set<unknown>();
  for (let call = 0; call < seconds * 20; call += 1) {
    void stage.controller.refreshNow().catch((error: unknown) => failures.add(error));
    await stage.clock.advance(50);
  }
  return failures;
}

describe('RotationController', () => {
  describe('when it stops', () => {
    it('leaves a data source that is closed after that the time to close', async () => {
      const stage = new Stage();
      await stage.controller.admit(pool);
      await stage.controller.stop();
      await stage.clock.advance(60_000);
      expect(await stage.controller.withinShutdown(Promise.resolve('closed'))).toBe('closed');
      const late = stage.controller.withinShutdown(hung).catch((error: unknown) => error);
      await stage.clock.advance(1_000);
      expect(await late).toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
    });

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
      expect(await refreshed).toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
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

    it('stops by itself at the end of a shutdown that was only begun: whoever was to call stop() may hang', async () => {
      const stage = new Stage();
      await stage.controller.admit({ ...pool, quiet: () => hung });
      void stage.controller.quiesce(1_000);
      await stage.clock.advance(800);
      expect(stage.issued[0]?.revocations).toBe(0);
      await stage.clock.advance(200);
      expect(stage.issued[0]?.revocations).toBe(1);
      expect(stage.controller.snapshot().generation).toBeUndefined();
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
});
