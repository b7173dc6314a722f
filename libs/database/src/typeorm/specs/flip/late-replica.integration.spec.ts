import { DevServices } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';
import { underLoad, type LoadResult } from '../load.fixture.js';

const group = 'late_replica';
let services: DevServices;

beforeAll(async () => {
  const setup = [`CREATE ROLE ${group}`, 'CREATE TABLE counted (n int)', `GRANT ALL ON counted TO ${group}`];
  services = await DevServices.start({ postgres: { standby: true, setup } });
});
afterAll(() => services.stop());

/** The connections of either server are opened anew after some uses. */
async function start(): Promise<RotatingFixture> {
  const { superuser: master, standby } = services.postgres;
  const server = { host: master.host, database: master.database };
  const fixture = new RotatingFixture(master, group, {
    typeorm: {
      poolSize: 4,
      extra: { maxUses: 20 },
      replication: { master: { ...server, port: master.port }, slaves: [{ ...server, port: standby.port }] },
    },
  });
  await fixture.dataSource.initialize();
  return fixture;
}

/** Writes to the master and reads from the standby while `action` runs. */
function underReadsAndWrites({ dataSource }: RotatingFixture, action: () => Promise<unknown>): Promise<LoadResult> {
  const work = [
    () => dataSource.query('INSERT INTO counted VALUES (1)'),
    () => dataSource.createQueryBuilder().select('count(*)').from('counted', 'counted').getRawOne(),
  ];
  return underLoad({ work, workers: 4 }, action);
}

describe('A streaming standby that learns of new roles late', () => {
  it.each([1_500, 3_000, 10_000])('by %i ms: a rotation waits for it with one role, and no query fails', async (delayMs) => {
    await services.postgres.standby.setApplyDelay(0);
    await using fixture = await start();
    await services.postgres.standby.setApplyDelay(delayMs);
    const { failures, operations } = await underReadsAndWrites(fixture, () => fixture.controller.refreshNow());
    expect(failures).toEqual([]);
    expect(operations).toBeGreaterThan(50);
    expect(fixture.source.issued).toHaveLength(2);
    expect(await fixture.event('credentialsRotated')).toMatchObject({ generation: 2, pools: 2 });
    expect(fixture.controller.snapshot()).toMatchObject({ rotations: 1, failures: 0 });
    await fixture.event('credentialsRevoked');
    expect(await fixture.source.liveRoles()).toHaveLength(1);
  });

  it('is waited for by a data source that starts', async () => {
    await services.postgres.standby.setApplyDelay(3_000);
    await using fixture = await start();
    expect(fixture.source.issued).toHaveLength(1);
    expect(fixture.controller.snapshot().pools).toHaveLength(2);
  });

  it('fails no query of the master when the old users end before it knows the new ones', async () => {
    await services.postgres.standby.setApplyDelay(0);
    await using fixture = await start();
    const { source, dataSource } = fixture;
    await services.postgres.standby.setApplyDelay(8_000);
    await source.issued[0]!.shorten(4_000);
    source.issued[0]!.announce({ type: 'changed' });
    const writes = new Set<string>();
    await expect
      .poll(
        async () => {
          writes.add(await codeOf(dataSource.query('INSERT INTO counted VALUES (1)')));
          return performance.now() > source.issued[0]!.expiresAtMs + 1_000;
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe(true);
    expect([...writes]).toEqual(['served']);
    expect(await fixture.event('credentialsRotated')).toMatchObject({ generation: 2, pools: 2 });
  });

  it('does not keep the master from users that it does know, once the old ones have ended', async () => {
    await services.postgres.standby.setApplyDelay(0);
    await using fixture = await start();
    const { source, dataSource, controller } = fixture;
    await services.postgres.standby.setApplyDelay(12_000);
    source.failWith = new Error('Vault is away');
    await source.issued[0]!.shorten(1_000);
    source.issued[0]!.announce({ type: 'changed' });
    await fixture.event('credentialsExpired');
    source.failWith = undefined;
    const write = (): Promise<string> => codeOf(dataSource.query('INSERT INTO counted VALUES (1)'));
    await expect.poll(write, { timeout: 8_000 }).toBe('served');
    const read = dataSource.createQueryBuilder().select('count(*)').from('counted', 'counted').getRawOne();
    let reads = '';
    void codeOf(read).then((outcome) => (reads = outcome));
    const writes = new Set<string>();
    await expect
      .poll(
        async () => {
          writes.add(await write());
          return reads;
        },
        { timeout: 40_000 },
      )
      .toBe('served');
    expect([...writes]).toEqual(['served']);
    expect(source.issued.length).toBeLessThanOrEqual(3);
    expect(controller.snapshot().pools.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
  });
});

/** @returns `served`, or the code of what failed */
function codeOf(statement: Promise<unknown>): Promise<string> {
  return statement.then(
    () => 'served',
    (error: { code: string }) => error.code,
  );
}
