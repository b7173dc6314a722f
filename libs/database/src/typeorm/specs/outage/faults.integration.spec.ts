import { FaultProxy, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import type { RotatingFixture } from '../../rotating-data-source.fixture.js';
import { codesUnderLoad, FaultyDatabase } from '../faulty-database.fixture.js';
import { codeOf } from '../load.fixture.js';

let database: FaultyDatabase;

beforeAll(async () => {
  database = await FaultyDatabase.start();
});
afterAll(() => database.services.stop());

/** A source that fails, a password that is another, and no session left. */
async function refused(): Promise<{ readonly fixture: RotatingFixture; readonly proxy: FaultProxy }> {
  const proxy = await FaultProxy.start({ targetPort: database.admin.port });
  const fixture = await database.started({ typeorm: { port: proxy.port }, rotation: { credentialBudgetMs: 100 } });
  const { username } = fixture.controller.snapshot();
  fixture.source.failWith = new Error('away');
  await queryPostgres(database.admin, `ALTER ROLE ${username} PASSWORD 'another'`);
  await queryPostgres(database.admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`);
  await expect.poll(() => fixture.dataSource.query('SELECT 1').catch(codeOf)).toBe('DATABASE_CREDENTIALS_UNAVAILABLE');
  return { fixture, proxy };
}

describe('while credentials live', () => {
  it('callers notice nothing of a source that fails, and the rotation recovers by itself', async () => {
    await using fixture = await database.started();
    const codes = await codesUnderLoad(fixture, async () => {
      fixture.source.failWith = new Error('away');
      await expect(fixture.controller.refreshNow()).rejects.toThrow('away');
      expect(rotationHealth(fixture.controller.snapshot())).toBe('degraded');
      fixture.source.failWith = undefined;
      await fixture.event('credentialsRotated');
    });
    expect(codes).toEqual([]);
    expect(rotationHealth(fixture.controller.snapshot())).toBe('up');
  });

  it('a database that refuses every new user is given three of them and no more, and callers notice nothing', async () => {
    await using fixture = await database.started({ rotation: { credentialBudgetMs: 2_000 } });
    const codes = await codesUnderLoad(fixture, async () => {
      fixture.source.brokenLogins = true;
      for (let attempt = 0; attempt < 6; attempt += 1) await fixture.controller.refreshNow().catch(() => undefined);
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_MINT_BUDGET_EXHAUSTED' });
    });
    expect(codes).toEqual([]);
    expect(fixture.source.issued).toHaveLength(1 + 3);
    expect(await fixture.source.liveRoles()).toHaveLength(1);
  });

  it('an operator who drops the user costs nobody more than a statement: the pool asks for another', async () => {
    await using fixture = await database.started({ typeorm: { poolSize: 4, extra: { maxUses: 20 } } });
    const codes = await codesUnderLoad(fixture, async () => {
      await queryPostgres(database.admin, `DROP ROLE ${fixture.controller.snapshot().username}`);
      await fixture.event('credentialsRotated');
    });
    // Only a session that logged in while the user was being dropped: the others act as the group.
    expect(codes.length).toBeLessThanOrEqual(4);
    for (const code of codes) expect(code).toBe('42501');
    expect(fixture.controller.snapshot().generation).toBe(2);
  });

  it.each([0, 3])(
    'a user whose sessions lose their rights with it fails the statements in flight and none after, %i denials before',
    async (denials) => {
      await using fixture = database.fixture({ typeorm: { poolSize: 4 } });
      fixture.source.actsAsItself = true;
      await fixture.dataSource.initialize();
      for (let denied = 0; denied < denials; denied += 1)
        await expect(fixture.dataSource.query('SELECT * FROM pg_authid')).rejects.toMatchObject({ code: '42501' });
      const codes = await codesUnderLoad(fixture, async () => {
        await queryPostgres(database.admin, `DROP ROLE ${fixture.controller.snapshot().username}`);
        await fixture.event('credentialsRotated');
      });
      expect(codes.length).toBeLessThanOrEqual(4);
      for (const code of codes) expect(code).toBe('42501');
    },
  );

  it('a user whose rights are gone is noticed by the statement that fails, and replaced', async () => {
    await using fixture = await database.started({ typeorm: { poolSize: 2 } });
    await fixture.dataSource.query('SELECT 1');
    await queryPostgres(
      database.admin,
      `ALTER ROLE ${fixture.controller.snapshot().username} PASSWORD 'another'; REVOKE ALL ON ledger FROM faults`,
    );
    await expect(fixture.dataSource.query('SELECT count(*) FROM ledger')).rejects.toMatchObject({ code: '42501' });
    await queryPostgres(database.admin, `GRANT ALL ON ledger TO faults`);
    expect(await fixture.event('credentialsRotated')).toMatchObject({ reason: 'login-rejected' });
    expect(await fixture.dataSource.query('SELECT count(*)::int AS n FROM ledger')).toEqual([{ n: 0 }]);
  });

  it('credentials that are lost are replaced at once', async () => {
    await using fixture = await database.started();
    const [issued] = fixture.source.issued;
    await issued?.revoke();
    issued?.announce({ type: 'lost', reason: 'revoked' });
    expect(await fixture.event('credentialsRotated')).toMatchObject({ reason: 'lost' });
  });
});

describe('after the end of credentials that could not be replaced', () => {
  it('callers get a typed error at once, health is down, and both recover by themselves', async () => {
    await using fixture = await database.started({ ttlMs: 1_500 });
    fixture.source.failWith = new Error('away');
    await fixture.event('credentialsExpired');
    const askedAt = performance.now();
    await expect(fixture.dataSource.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_CREDENTIALS_EXPIRED' });
    expect(performance.now() - askedAt).toBeLessThan(200);
    expect(rotationHealth(fixture.controller.snapshot())).toBe('down');
    fixture.source.failWith = undefined;
    await fixture.event('credentialsRotated');
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('while the database refuses the credentials and there are no others', () => {
  it('callers get a typed error without asking it again, and are served when there are others', async () => {
    const { fixture, proxy } = await refused();
    await using _ = fixture;
    const before = proxy.counters.accepted;
    const codes = await codesUnderLoad(fixture, async () => {
      await fixture.event('rotationFailed');
      await fixture.event('rotationFailed');
      await fixture.event('rotationFailed');
    });
    expect(codes.length).toBeGreaterThan(100);
    expect(new Set(codes)).toEqual(new Set(['DATABASE_CREDENTIALS_UNAVAILABLE']));
    expect(proxy.counters.accepted - before).toBeLessThan(10);
    fixture.source.failWith = undefined;
    await fixture.event('credentialsRotated');
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
  });

  it('callers are served again when it accepts them after all', async () => {
    const { fixture, proxy } = await refused();
    await using _ = fixture;
    const [issued] = fixture.source.issued;
    await queryPostgres(database.admin, `ALTER ROLE ${issued?.credential.username} PASSWORD '${issued?.credential.revealPassword()}'`);
    await expect.poll(() => fixture.dataSource.query('SELECT 1 AS one').catch(codeOf), { timeout: 5_000 }).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().generation).toBe(1);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
  });
});
