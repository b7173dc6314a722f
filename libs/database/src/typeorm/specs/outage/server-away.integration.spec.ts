import { FaultProxy } from '@keyturn/dev-services';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import { codesUnderLoad, FaultyDatabase } from '../faulty-database.fixture.js';

let database: FaultyDatabase;

beforeAll(async () => {
  database = await FaultyDatabase.start();
});
afterAll(() => database.services.stop());

describe('when PostgreSQL', () => {
  it('is restarted, statements in flight fail and nothing else', async () => {
    await using fixture = await database.started();
    const codes = await codesUnderLoad(fixture, async () => {
      await database.services.postgres.restart();
      await fixture.dataSource.query('SELECT 1');
    });
    expect(codes.length).toBeLessThanOrEqual(8);
    for (const code of codes) expect(code).toMatch(/^(57P01|ECONNRESET|EPIPE|Connection terminated)/);
  });

  it('stays away longer than the budget, callers get a typed error and are served again when it is back', async () => {
    await using fixture = await database.started({ rotation: { outageBudgetMs: 300 } });
    await database.services.postgres.stop();
    const failure = await fixture.dataSource.query('SELECT 1').catch((error: unknown) => error);
    await expect(fixture.dataSource.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(failure).toBeInstanceOf(Error);
    expect(rotationHealth(fixture.controller.snapshot())).toBe('down');
    await database.services.postgres.restart();
    await expect.poll(() => fixture.dataSource.query('SELECT 1').catch(() => undefined), { timeout: 5_000 }).toBeDefined();
    expect(rotationHealth(fixture.controller.snapshot())).toBe('up');
  });

  it('is back, health says so although no caller has tried since', async () => {
    await using fixture = await database.started({ rotation: { outageBudgetMs: 300 } });
    await database.services.postgres.stop();
    while (rotationHealth(fixture.controller.snapshot()) !== 'down') await fixture.dataSource.query('SELECT 1').catch(() => undefined);
    await database.services.postgres.restart();
    await expect.poll(() => rotationHealth(fixture.controller.snapshot()), { timeout: 5_000 }).toBe('up');
  });

  it('has no connection to spare, callers wait and none fails', async () => {
    await using fixture = await database.started();
    const others = await Promise.all(
      Array.from({ length: 22 }, async () => {
        const client = new pg.Client({ ...database.admin });
        await client.connect();
        return client;
      }),
    );
    const codes = await codesUnderLoad(fixture, async () => {
      const rotation = fixture.controller.refreshNow();
      await expect.poll(() => fixture.controller.snapshot().rotating).toBe(true);
      await Promise.all(others.map((client) => client.end()));
      await rotation;
    });
    expect(codes).toEqual([]);
  });
});

describe('when new credentials cannot be proved because PostgreSQL is out of reach', () => {
  it('they are kept, and used as soon as it is back', async () => {
    const proxy = await FaultProxy.start({ targetPort: database.admin.port });
    await using fixture = await database.started({ typeorm: { port: proxy.port, connectTimeoutMS: 200 } });
    await proxy.refuse();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    }
    await proxy.heal();
    await fixture.controller.refreshNow();
    expect(fixture.source.issued).toHaveLength(1 + 1);
    expect(fixture.controller.snapshot().username).toBe(fixture.source.issued[1]?.credential.username);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });

  it('for longer than they live, others follow at once when it is back', async () => {
    const proxy = await FaultProxy.start({ targetPort: database.admin.port });
    await using fixture = await database.started({ ttlMs: 1_500, typeorm: { port: proxy.port, connectTimeoutMS: 200 } });
    await proxy.refuse();
    await proxy.resetOpen();
    for (let failed = 0; failed < 5; failed += 1)
      expect(await fixture.event('rotationFailed')).toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await proxy.heal();
    const healedAt = performance.now();
    await fixture.event('credentialsRotated');
    expect(performance.now() - healedAt).toBeLessThan(5_000);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });
});
