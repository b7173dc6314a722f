import { DevServices, FaultProxy, queryPostgres, type PostgresAccess } from '@keyturn/dev-services';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';

const group = 'faults';
let services: DevServices;
let admin: PostgresAccess;

beforeAll(async () => {
  services = await DevServices.start({ postgres: { settings: { max_connections: 30 } } });
  admin = services.postgres.superuser;
  await queryPostgres(admin, `CREATE ROLE ${group}; CREATE TABLE ledger (n int); GRANT ALL ON ledger TO ${group}`);
});
afterAll(() => services.stop());

async function start(options: RotatingFixtureOptions = {}): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, options);
  await fixture.dataSource.initialize();
  return fixture;
}

/** Queries with eight workers while `action` runs. @returns the codes of what failed */
async function underLoad(fixture: RotatingFixture, action: () => Promise<unknown>): Promise<string[]> {
  const stopped = new AbortController();
  const codes: string[] = [];
  const worker = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await fixture.dataSource.query('SELECT count(*) FROM ledger').catch((error: unknown) => codes.push(codeOf(error)));
    }
  };
  const workers = Array.from({ length: 8 }, worker);
  await action();
  stopped.abort();
  await Promise.all(workers);
  return codes;
}

/** A source that fails, a password that is another, and no session left. */
async function refused(): Promise<{ readonly fixture: RotatingFixture; readonly proxy: FaultProxy }> {
  const proxy = await FaultProxy.start({ targetPort: admin.port });
  const fixture = await start({ typeorm: { port: proxy.port }, rotation: { credentialBudgetMs: 100 } });
  const { username } = fixture.controller.snapshot();
  fixture.source.failWith = new Error('away');
  await queryPostgres(admin, `ALTER ROLE ${username} PASSWORD 'another'`);
  await queryPostgres(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`);
  await expect.poll(() => fixture.dataSource.query('SELECT 1').catch(codeOf)).toBe('DATABASE_CREDENTIALS_UNAVAILABLE');
  return { fixture, proxy };
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}

describe('while credentials live', () => {
  it('callers notice nothing of a source that fails, and the rotation recovers by itself', async () => {
    await using fixture = await start();
    const codes = await underLoad(fixture, async () => {
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
    await using fixture = await start({ rotation: { credentialBudgetMs: 2_000 } });
    const codes = await underLoad(fixture, async () => {
      fixture.source.brokenLogins = true;
      for (let attempt = 0; attempt < 6; attempt += 1) await fixture.controller.refreshNow().catch(() => undefined);
      await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_MINT_BUDGET_EXHAUSTED' });
    });
    expect(codes).toEqual([]);
    expect(fixture.source.issued).toHaveLength(1 + 3);
    expect(await fixture.source.liveRoles()).toHaveLength(1);
  });

  it('an operator who drops the user costs nobody more than a statement: the pool asks for another', async () => {
    await using fixture = await start({ typeorm: { poolSize: 4, extra: { maxUses: 20 } } });
    const codes = await underLoad(fixture, async () => {
      await queryPostgres(admin, `DROP ROLE ${fixture.controller.snapshot().username}`);
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
      await using fixture = new RotatingFixture(admin, group, { typeorm: { poolSize: 4 } });
      fixture.source.actsAsItself = true;
      await fixture.dataSource.initialize();
      for (let denied = 0; denied < denials; denied += 1)
        await expect(fixture.dataSource.query('SELECT * FROM pg_authid')).rejects.toMatchObject({ code: '42501' });
      const codes = await underLoad(fixture, async () => {
        await queryPostgres(admin, `DROP ROLE ${fixture.controller.snapshot().username}`);
        await fixture.event('credentialsRotated');
      });
      expect(codes.length).toBeLessThanOrEqual(4);
      for (const code of codes) expect(code).toBe('42501');
    },
  );

  it('a user whose rights are gone is noticed by the statement that fails, and replaced', async () => {
    await using fixture = await start({ typeorm: { poolSize: 2 } });
    await fixture.dataSource.query('SELECT 1');
    await queryPostgres(
      admin,
      `ALTER ROLE ${fixture.controller.snapshot().username} PASSWORD 'another'; REVOKE ALL ON ledger FROM ${group}`,
    );
    await expect(fixture.dataSource.query('SELECT count(*) FROM ledger')).rejects.toMatchObject({ code: '42501' });
    await queryPostgres(admin, `GRANT ALL ON ledger TO ${group}`);
    expect(await fixture.event('credentialsRotated')).toMatchObject({ reason: 'login-rejected' });
    expect(await fixture.dataSource.query('SELECT count(*)::int AS n FROM ledger')).toEqual([{ n: 0 }]);
  });

  it('credentials that are lost are replaced at once', async () => {
    await using fixture = await start();
    const [issued] = fixture.source.issued;
    await issued?.revoke();
    issued?.announce({ type: 'lost', reason: 'revoked' });
    expect(await fixture.event('credentialsRotated')).toMatchObject({ reason: 'lost' });
  });
});

describe('after the end of credentials that could not be replaced', () => {
  it('callers get a typed error at once, health is down, and both recover by themselves', async () => {
    await using fixture = await start({ ttlMs: 1_500 });
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

describe('when PostgreSQL', () => {
  it('is restarted, statements in flight fail and nothing else', async () => {
    await using fixture = await start();
    const codes = await underLoad(fixture, async () => {
      await services.postgres.restart();
      await fixture.dataSource.query('SELECT 1');
    });
    expect(codes.length).toBeLessThanOrEqual(8);
    for (const code of codes) expect(code).toMatch(/^(57P01|ECONNRESET|EPIPE|Connection terminated)/);
  });

  it('stays away longer than the budget, callers get a typed error and are served again when it is back', async () => {
    await using fixture = await start({ rotation: { outageBudgetMs: 300 } });
    await services.postgres.stop();
    const failure = await fixture.dataSource.query('SELECT 1').catch((error: unknown) => error);
    await expect(fixture.dataSource.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(failure).toBeInstanceOf(Error);
    expect(rotationHealth(fixture.controller.snapshot())).toBe('down');
    await services.postgres.restart();
    await expect.poll(() => fixture.dataSource.query('SELECT 1').catch(() => undefined), { timeout: 5_000 }).toBeDefined();
    expect(rotationHealth(fixture.controller.snapshot())).toBe('up');
  });

  it('is back, health says so although no caller has tried since', async () => {
    await using fixture = await start({ rotation: { outageBudgetMs: 300 } });
    await services.postgres.stop();
    while (rotationHealth(fixture.controller.snapshot()) !== 'down') await fixture.dataSource.query('SELECT 1').catch(() => undefined);
    await services.postgres.restart();
    await expect.poll(() => rotationHealth(fixture.controller.snapshot()), { timeout: 5_000 }).toBe('up');
  });

  it('has no connection to spare, callers wait and none fails', async () => {
    await using fixture = await start();
    const others = await Promise.all(
      Array.from({ length: 22 }, async () => {
        const client = new pg.Client({ ...admin });
        await client.connect();
        return client;
      }),
    );
    const codes = await underLoad(fixture, async () => {
      const rotation = fixture.controller.refreshNow();
      await expect.poll(() => fixture.controller.snapshot().rotating).toBe(true);
      await Promise.all(others.map((client) => client.end()));
      await rotation;
    });
    expect(codes).toEqual([]);
  });
});

describe('while the database refuses the credentials and there are no others', () => {
  it('callers get a typed error without asking it again, and are served when there are others', async () => {
    const { fixture, proxy } = await refused();
    await using _ = fixture;
    const before = proxy.counters.accepted;
    const codes = await underLoad(fixture, async () => {
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
    await queryPostgres(admin, `ALTER ROLE ${issued?.credential.username} PASSWORD '${issued?.credential.revealPassword()}'`);
    await expect.poll(() => fixture.dataSource.query('SELECT 1 AS one').catch(codeOf), { timeout: 5_000 }).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().generation).toBe(1);
    await fixture[Symbol.asyncDispose]();
    await proxy.stop();
  });
});

describe('when new credentials cannot be proved because PostgreSQL is out of reach', () => {
  it('they are kept, and used as soon as it is back', async () => {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await using fixture = await start({ typeorm: { port: proxy.port, connectTimeoutMS: 200 } });
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
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    await using fixture = await start({ ttlMs: 1_500, typeorm: { port: proxy.port, connectTimeoutMS: 200 } });
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

describe('an application that stops in the middle of a rotation', () => {
  it('finishes what is in flight and leaves no user and no session', async () => {
    const fixture = await start();
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
    const fixture = await start({ ttlMs: 1_200, rotation: { onDrainDeadline: 'wait' } });
    const inFlight = fixture.dataSource.query('SELECT pg_sleep(4)');
    let quiesced: Promise<void> | undefined;
    const codes = await underLoad(fixture, async () => {
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
    await using fixture = await start({ ttlMs: 6_000, rotation: { atFraction: 0.2 } });
    await fixture.controller.quiesce(4_500);
    await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_ROTATION_STOPPED' });
    await fixture.dataSource.query('SELECT pg_sleep(2)');
    expect(fixture.controller.snapshot()).toMatchObject({ generation: 1, state: 'stopped' });
  });
});
