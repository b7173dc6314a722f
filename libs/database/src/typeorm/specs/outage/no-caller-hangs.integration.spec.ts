import { FaultProxy, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const { superuser } = inject('servers').postgres;
const group = 'no_hang';

beforeAll(() => queryPostgres(superuser, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(superuser, `DROP ROLE ${group}`));

async function started(options: RotatingFixtureOptions = {}): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(superuser, group, options);
  await fixture.dataSource.initialize();
  return fixture;
}

/** How a query ends: served, or the code of its error. */
const outcome = (query: Promise<unknown>): Promise<string> =>
  query.then(
    () => 'served',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );

interface RawPool {
  connect(callback: (error: Error | undefined, client?: unknown, release?: () => void) => void): void;
  end(callback: () => void): void;
}

describe('A caller whose connection is being taken', () => {
  it('is answered when the pool closes in the same turn', async () => {
    await using fixture = await started();
    const pool = (fixture.dataSource.driver as unknown as { master: RawPool }).master;
    const answered = new Promise((resolve) =>
      pool.connect((error, _client, release) => {
        release?.();
        resolve((error as { code?: string } | undefined)?.code ?? 'served');
      }),
    );
    const ended = new Promise<void>((resolve) => pool.end(resolve));
    expect(await answered).toBe('DATABASE_POOL_CLOSED');
    await ended;
  });

  it('is answered when the data source is destroyed while connections are opened', async () => {
    await using fixture = await started();
    const queries = Array.from({ length: 5 }, () => outcome(fixture.dataSource.query('SELECT 1')));
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.connections, { interval: 1 }).toBeGreaterThan(1);
    await fixture.dataSource.destroy();
    // TypeORM itself ends the connections of statements that run.
    const told = /^(served|DATABASE_POOL_CLOSED|.*Connection terminated.*)$/;
    for (const answer of await Promise.all(queries)) expect(answer).toMatch(told);
  });

  it('is answered when the application stops and the time for its users is over', async () => {
    await using fixture = await started({ rotation: { shutdownMs: 1 } });
    await fixture.controller.quiesce();
    const queries = Array.from({ length: 3 }, () => outcome(fixture.dataSource.query('SELECT 1')));
    await fixture.controller.stop();
    const told = ['served', 'DATABASE_POOL_CLOSED', 'DATABASE_DRAIN_DEADLINE_EXCEEDED'];
    for (const answer of await Promise.all(queries)) expect(told).toContain(answer);
  });
});

describe('When log-ins are refused and there are no other credentials', () => {
  it('callers wait for the connections that the pool has', async () => {
    await using fixture = await started({ typeorm: { poolSize: 10 } });
    const holders = [fixture.dataSource.createQueryRunner(), fixture.dataSource.createQueryRunner()];
    for (const runner of holders) await runner.connect();
    fixture.source.failWith = new Error('away');
    await queryPostgres(superuser, `ALTER ROLE ${fixture.controller.snapshot().username} PASSWORD 'x'`);
    const queries = Array.from({ length: 6 }, () => outcome(fixture.dataSource.query('SELECT 1')));
    await fixture.event('rotationFailed');
    expect(rotationHealth(fixture.controller.snapshot())).toBe('degraded');
    for (const runner of holders) await runner.release();
    expect(await Promise.all(queries)).toEqual(Array.from({ length: 6 }, () => 'served'));
  });

  it('callers are told when it has none and the budget is over, and health says so', async () => {
    await using fixture = await started({ rotation: { credentialBudgetMs: 1_000 } });
    const { username } = fixture.controller.snapshot();
    fixture.source.failWith = new Error('away');
    await queryPostgres(superuser, `ALTER ROLE ${username} PASSWORD 'x'`);
    await queryPostgres(superuser, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`);
    await expect.poll(() => outcome(fixture.dataSource.query('SELECT 1')), { timeout: 5_000 }).toBe('DATABASE_CREDENTIALS_UNAVAILABLE');
    const { state, pools } = fixture.controller.snapshot();
    expect({ state, refusal: pools[0]?.refusal }).toEqual({ state: 'serving', refusal: 'DATABASE_CREDENTIALS_UNAVAILABLE' });
    expect(rotationHealth(fixture.controller.snapshot())).toBe('down');
    fixture.source.failWith = undefined;
    await expect.poll(() => outcome(fixture.dataSource.query('SELECT 1')), { timeout: 5_000 }).toBe('served');
    expect(rotationHealth(fixture.controller.snapshot())).toBe('up');
  });
});

describe('In an outage of the server', () => {
  it('every caller waits for the outage budget, whoever came first', async () => {
    const proxy = await FaultProxy.start({ targetPort: superuser.port });
    const fixture = await started({ rotation: { outageBudgetMs: 10_000 }, typeorm: { port: proxy.port, connectTimeoutMS: 300 } });
    await proxy.refuse();
    await proxy.resetOpen();
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.connections, { interval: 5 }).toBe(0);
    const first = Array.from({ length: 3 }, () => outcome(fixture.dataSource.query('SELECT 1')));
    await expect.poll(() => fixture.controller.snapshot().pools[0]?.outage, { interval: 5 }).toBe('ECONNREFUSED');
    const startedAtMs = performance.now();
    let answered = 0;
    const late = Array.from({ length: 3 }, () => outcome(fixture.dataSource.query('SELECT 1')));
    for (const query of [...first, ...late]) void query.then(() => (answered += 1));
    await expect.poll(() => performance.now() - startedAtMs, { timeout: 5_000 }).toBeGreaterThan(700);
    expect(answered).toBe(0);
    await proxy.heal();
    expect(await Promise.all([...first, ...late])).toEqual(Array.from({ length: 6 }, () => 'served'));
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
  });
});
