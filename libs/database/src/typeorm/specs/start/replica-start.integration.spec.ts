import { FaultProxy, queryPostgres } from '@keyturn/dev-services';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'replica_start';
const server = { host: admin.host, port: admin.port, database: admin.database };
const nobody = { ...server, port: 1 };
const nowhere = { ...server, host: 'nowhere.invalid' };

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

/** A data source that has not started yet. */
function build(master: object, slaves: readonly object[]): RotatingFixture {
  return new RotatingFixture(admin, group, {
    typeorm: { connectTimeoutMS: 300, replication: { master, slaves: [...slaves] } },
  });
}

async function expectNothingLeft(fixture: RotatingFixture): Promise<void> {
  await expect.poll(() => fixture.controller.snapshot().pools).toEqual([]);
  await expect.poll(() => fixture.source.liveRoles()).toEqual([]);
  await expect.poll(() => fixture.sessions()).toBe(0);
}

describe('A data source with read replicas', () => {
  describe('when one of its pools cannot start', () => {
    it.each([
      ['a replica that nobody listens for', server, [server, nobody, server], 'DATABASE_SERVER_UNREACHABLE'],
      [
        'a replica whose name does not resolve, before the others have started',
        server,
        [server, nowhere],
        'DATABASE_CONFIGURATION_INVALID',
      ],
      ['the master, after the replicas', nobody, [server, server], 'DATABASE_SERVER_UNREACHABLE'],
    ])('names the cause and leaves no pool, user and session of the others: %s', async (_, master, slaves, code) => {
      await using fixture = build(master, slaves);
      await expect(fixture.dataSource.initialize()).rejects.toMatchObject({ code });
      await expectNothingLeft(fixture);
    });
  });

  it('rotates only the pools of the try that succeeded', async () => {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await proxy.refuse();
    await using fixture = build({ ...server, port: proxy.port }, [server, server]);
    const retry = (): Promise<DataSource> => new DataSource(fixture.dataSource.options).initialize();
    for (let failed = 0; failed < 3; failed += 1) await expect(retry()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await proxy.heal();
    const dataSource = await retry();
    await fixture.controller.refreshNow();
    expect(await fixture.event('credentialsRotated')).toMatchObject({ pools: 3 });
    expect(fixture.controller.snapshot().pools).toHaveLength(3);
    await dataSource.destroy();
    await proxy.stop();
  });

  it('keeps a data source that has started when another one on the same options cannot', async () => {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await using fixture = build({ ...server, port: proxy.port }, [server]);
    await fixture.dataSource.initialize();
    await proxy.refuse();
    await expect(new DataSource(fixture.dataSource.options).initialize()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await proxy.heal();
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().pools).toHaveLength(2);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
  });

  it('leaves nothing when the application stops while it starts', async () => {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await using fixture = build({ ...server, port: proxy.port }, [server]);
    await proxy.hang();
    const started = fixture.dataSource.initialize().catch((error: unknown) => error);
    await expect.poll(() => fixture.controller.snapshot().pools).toHaveLength(1);
    await fixture.controller.stop(1_000);
    expect(await started).toBeInstanceOf(Error);
    await proxy.stop();
    await expectNothingLeft(fixture);
  });
});
