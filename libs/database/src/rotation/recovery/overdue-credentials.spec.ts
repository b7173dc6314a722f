import { describe, expect, it } from 'vitest';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { pool as quietPool, Stage } from '../rotation-stage.fixture.js';

const lifeMs = 600_000;

/** A pool that notes whether callers are kept waiting, and what they are told. */
class Watched {
  withheld = 0;
  readonly told: string[] = [];
  readonly pool: RotatablePool = {
    ...quietPool,
    withhold: () => {
      this.withheld += 1;
      return () => (this.withheld -= 1);
    },
    suspend: (error) => this.told.push(error.message),
  };
}

async function served() {
  const stage = new Stage();
  const watched = new Watched();
  await stage.controller.admit(watched.pool);
  return { stage, watched };
}

/** The generations that came into force by a rotation. */
function rotations({ events }: Stage): readonly number[] {
  return events.flatMap((event) => (event.type === 'credentialsRotated' ? [event.generation] : []));
}

const away = (): Promise<never> => Promise.reject(new Error('Vault is away'));

describe('Credentials that ended while the process stood still', () => {
  it('are replaced before the first caller uses them, and callers wait for that', async () => {
    const { stage, watched } = await served();
    const arrivals: (() => void)[] = [];
    stage.beforeIssue = () => new Promise((resolve) => arrivals.push(resolve));
    stage.clock.standStill(2 * lifeMs);
    stage.controller.catchUp();
    expect(watched.withheld).toBe(1);
    await stage.clock.advance(0);
    expect([stage.askedAtMs.length, watched.withheld]).toEqual([2, 1]);
    arrivals.forEach((arrive) => arrive());
    await stage.clock.advance(0);
    expect(rotations(stage)).toEqual([2]);
    expect([watched.withheld, watched.told]).toEqual([0, []]);
  });

  it('are no reason to fail callers when the first try to replace them fails and the next one does not', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = away;
    stage.clock.standStill(2 * lifeMs);
    stage.controller.catchUp();
    await stage.clock.advance(500);
    expect([watched.withheld, watched.told]).toEqual([1, []]);
    stage.beforeIssue = () => Promise.resolve();
    await stage.clock.advance(5_000);
    expect(rotations(stage)).toEqual([2]);
    expect([watched.withheld, watched.told]).toEqual([0, []]);
  });

  it('are told of when there are no others within the budget', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = away;
    stage.clock.standStill(2 * lifeMs);
    stage.controller.catchUp();
    await stage.clock.advance(27_000);
    expect(watched.told).toEqual([]);
    await stage.clock.advance(3_000);
    expect(watched.told).toEqual([expect.stringContaining('Vault is away')]);
    expect(watched.withheld).toBe(0);
  });

  it('keep nobody waiting for longer than the budget when the source hangs', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = () => new Promise(() => undefined);
    stage.clock.standStill(2 * lifeMs);
    stage.controller.catchUp();
    await stage.clock.advance(29_999);
    expect([watched.withheld, watched.told]).toEqual([1, []]);
    await stage.clock.advance(1);
    expect(watched.told).toHaveLength(1);
    expect(watched.withheld).toBe(0);
  });
});

describe('Credentials that ended after tries to replace them had failed', () => {
  it('are told of at once: callers have nothing to wait for', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = away;
    await stage.clock.advance(lifeMs);
    expect(watched.told).toEqual([expect.stringContaining('Vault is away')]);
    expect(watched.withheld).toBe(0);
  });
});

describe('Credentials that ended in time, while the source hangs and has not failed yet', () => {
  it('are told of at once', async () => {
    const { stage, watched } = await served();
    stage.issuedLifeMs = 2_000;
    await stage.controller.refreshNow();
    stage.beforeIssue = () => new Promise(() => undefined);
    await stage.clock.advance(2_000);
    expect(stage.askedAtMs).toHaveLength(3);
    expect(watched.told).toEqual([expect.stringContaining('have expired')]);
    expect(watched.withheld).toBe(0);
  });

  it('are told of at once where the end is noticed as late as on a busy machine', async () => {
    const { stage, watched } = await served();
    stage.issuedLifeMs = 2_000;
    await stage.controller.refreshNow();
    stage.beforeIssue = () => new Promise(() => undefined);
    await stage.clock.advance(1_900);
    stage.clock.standStill(1_000);
    stage.controller.catchUp();
    expect([watched.told.length, watched.withheld]).toEqual([1, 0]);
  });
});

describe('Credentials that ended during a standstill', () => {
  it('keep callers waiting when their replacement was asked for before it', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = () => new Promise(() => undefined);
    await stage.clock.advance(lifeMs - 110_000);
    expect(stage.askedAtMs).toHaveLength(2);
    stage.clock.standStill(115_000);
    stage.controller.catchUp();
    expect([watched.withheld, watched.told]).toEqual([1, []]);
  });

  it('keep callers waiting when it was over just after their end', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = () => new Promise(() => undefined);
    stage.clock.standStill(lifeMs + 1);
    stage.controller.catchUp();
    expect([watched.withheld, watched.told]).toEqual([1, []]);
  });

  it('keep callers waiting when it was over just before their end', async () => {
    const { stage, watched } = await served();
    stage.beforeIssue = () => new Promise(() => undefined);
    stage.clock.standStill(lifeMs - 1);
    await stage.clock.advance(1);
    expect([stage.askedAtMs.length, watched.withheld, watched.told.length]).toEqual([2, 1, 0]);
  });

  it('keep callers waiting when the request that was under way fails first', async () => {
    const { stage, watched } = await served();
    const failures: (() => void)[] = [];
    stage.beforeIssue = () => new Promise((_, reject) => failures.push(() => reject(new Error('the time of the call is over'))));
    await stage.clock.advance(lifeMs - 110_000);
    stage.clock.standStill(115_000);
    failures.forEach((fail) => fail());
    await new Promise(setImmediate);
    expect([watched.withheld, watched.told]).toEqual([1, []]);
    stage.beforeIssue = () => Promise.resolve();
    await stage.clock.advance(5_000);
    expect(rotations(stage)).toEqual([2]);
    expect([watched.withheld, watched.told]).toEqual([0, []]);
  });
});

describe('Credentials that live', () => {
  it('are left alone by a caller', async () => {
    const { stage, watched } = await served();
    stage.controller.catchUp();
    await stage.clock.advance(1_000);
    expect([stage.askedAtMs.length, watched.withheld]).toEqual([1, 0]);
  });
});
