import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { SilentProxy } from './silent-proxy.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'silent';
/** Long enough to be seen running. */
const validationQuery = 'SELECT pg_sleep(0.3) /* silent */';

beforeAll(async () => {
  await queryPostgres(admin, `CREATE ROLE ${group}`);
});
afterAll(async () => {
  await queryPostgres(admin, `DROP ROLE ${group}`);
});

function through(proxy: SilentProxy, { typeorm, ...options }: RotatingFixtureOptions): RotatingFixture {
  return new RotatingFixture(admin, group, { ...options, typeorm: { port: proxy.port, ...typeorm } });
}

/** Silences the newest connection as soon as the server runs the validation query on it. */
async function silenceValidation(proxy: SilentProxy): Promise<void> {
  const running = `SELECT 1 FROM pg_stat_activity WHERE query = '${validationQuery}' AND state = 'active'`;
  await expect.poll(() => queryPostgres(admin, running), { interval: 10 }).toHaveLength(1);
  proxy.silence(proxy.accepted);
}

describe('A connection that falls silent during the validation query', () => {
  it('fails one try of a rotation, and the next one succeeds', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = through(proxy, { rotation: { validationQuery }, typeorm: { connectTimeoutMS: 1_000 } });
    await fixture.dataSource.initialize();
    const rotation = fixture.controller.refreshNow().catch((error: unknown) => error);
    await silenceValidation(proxy);
    expect(await rotation).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await fixture.controller.refreshNow();
    expect(fixture.source.issued).toHaveLength(1 + 1);
    expect(fixture.controller.snapshot().username).toBe(fixture.source.issued[1]?.credential.username);
  });

  it('fails the start with a typed error', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = through(proxy, { rotation: { validationQuery }, typeorm: { connectTimeoutMS: 1_000 } });
    const start = fixture.dataSource.initialize().catch((error: unknown) => error);
    await silenceValidation(proxy);
    expect(await start).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
  });

  it('does not hold up the end of the data source', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = through(proxy, { rotation: { validationQuery }, typeorm: { connectTimeoutMS: 30_000 } });
    await fixture.dataSource.initialize();
    const rotation = fixture.controller.refreshNow().catch(() => undefined);
    await silenceValidation(proxy);
    const askedAt = performance.now();
    await fixture.dataSource.destroy();
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    await rotation;
  });
});

describe('Idle connections that fall silent', () => {
  it('leave room for others as soon as they are closed', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    const typeorm = { poolSize: 1, connectTimeoutMS: 3_000, extra: { idleTimeoutMillis: 100 } };
    await using fixture = through(proxy, { typeorm });
    await fixture.dataSource.initialize();
    const maxConnections = 2;
    for (let closed = 0; closed < maxConnections; closed += 1) {
      await fixture.dataSource.query('SELECT 1');
      proxy.silence(proxy.accepted);
      await expect.poll(() => fixture.controller.snapshot().pools[0]?.idle).toBe(0);
    }
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('A connection that is silent from the start while a generation warms up', () => {
  it('does not delay the flip past the expiry, and is used when it comes after all', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = through(proxy, { ttlMs: 4_000, rotation: { drainMs: 1_000 }, typeorm: { poolSize: 2 } });
    await fixture.dataSource.initialize();
    const runners = Array.from({ length: 2 }, () => fixture.dataSource.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.query('SELECT 1')));
    const warmed = proxy.accepted + 2;
    proxy.silence(warmed);
    await fixture.controller.refreshNow();
    expect(proxy.accepted).toBe(warmed);
    expect(fixture.events.map(({ type }) => type)).not.toContain('credentialsExpired');
    expect(fixture.controller.snapshot().pools[0]?.idle).toBe(1);
    proxy.restore(warmed);
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.idle).toBe(2);
    await Promise.all(runners.map((runner) => runner.release()));
  });
});

describe('One connection of a pool that falls silent while somebody uses it', () => {
  it('leaves the others alone, lets the rotation flip, and is taken from its user at the drain deadline', async () => {
    await using proxy = await SilentProxy.start(admin.port);
    await using fixture = through(proxy, { rotation: { drainMs: 1_000 }, typeorm: { poolSize: 3 } });
    await fixture.dataSource.initialize();
    const runners = Array.from({ length: 3 }, () => fixture.dataSource.createQueryRunner());
    for (const runner of runners) await runner.connect();
    const [other, another, affected] = runners;
    proxy.silence(proxy.accepted);
    const unanswered = affected!.query('SELECT 1').catch((error: unknown) => error);
    await other!.release();
    expect(await Promise.all([another!.query('SELECT 1 AS one'), fixture.dataSource.query('SELECT 1 AS one')])).toEqual([
      [{ one: 1 }],
      [{ one: 1 }],
    ]);
    await fixture.controller.refreshNow();
    expect(fixture.controller.snapshot().pools[0]?.draining).toEqual([{ generation: 1, inUse: 2 }]);
    expect(await another!.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await another!.release();
    expect(await fixture.dataSource.query('SELECT session_user AS login')).toEqual([{ login: fixture.controller.snapshot().username }]);
    expect(await unanswered).toMatchObject({ driverError: { code: 'DATABASE_DRAIN_DEADLINE_EXCEEDED', setting: 'rotation.drainMs' } });
    expect(await fixture.event('generationDrained')).toMatchObject({ terminated: 1 });
    await fixture.event('credentialsRevoked');
    expect(await fixture.source.liveRoles()).toHaveLength(1);
    expect(fixture.controller.snapshot().pools[0]).toMatchObject({ generation: 2, inUse: 0, draining: [] });
  });
});
