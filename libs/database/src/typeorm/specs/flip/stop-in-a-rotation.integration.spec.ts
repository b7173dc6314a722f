import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesUnderLoad, FaultyDatabase } from '../faulty-database.fixture.js';

let database: FaultyDatabase;

beforeAll(async () => {
  database = await FaultyDatabase.start();
});
afterAll(() => database.services.stop());

describe('an application that stops in the middle of a rotation', () => {
  it('finishes what is in flight and leaves no user and no session', async () => {
    const fixture = await database.started();
    const inFlight = Promise.all(Array.from({ length: 5 }, () => fixture.dataSource.query('SELECT pg_sleep(0.3)')));
    const rotation = fixture.controller.refreshNow().catch((error: unknown) => error);
    await fixture.controller.stop();
    await inFlight;
    await rotation;
    await fixture[Symbol.asyncDispose]();
    expect(await fixture.source.liveRoles()).toEqual([]);
    expect(await fixture.sessions()).toBe(0);
  });

  it('serves on credentials that work for as long as it waits for what is in flight, however short their life', async () => {
    const fixture = await database.started({ ttlMs: 1_200, rotation: { onDrainDeadline: 'wait' } });
    const inFlight = fixture.dataSource.query('SELECT pg_sleep(4)');
    let quiesced: Promise<void> | undefined;
    const codes = await codesUnderLoad(fixture, async () => {
      quiesced = fixture.controller.quiesce(10_000);
      await inFlight;
    });
    await quiesced;
    await fixture[Symbol.asyncDispose]();
    expect(codes).toEqual([]);
    expect(fixture.controller.snapshot().rotations).toBeGreaterThan(3);
    expect(await fixture.source.liveRoles()).toEqual([]);
  });

  it('replaces no credentials that outlive it', async () => {
    // Due after 1.2 s at the latest: long before the end of the shutdown, which is long before their own.
    await using fixture = await database.started({ ttlMs: 6_000, rotation: { atFraction: 0.2 } });
    await fixture.controller.quiesce(4_500);
    await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
    await fixture.dataSource.query('SELECT pg_sleep(2)');
    expect(fixture.controller.snapshot()).toMatchObject({ generation: 1, state: 'stopped' });
  });
});
