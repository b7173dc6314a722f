import { FaultProxy, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { rotationHealth } from '../../../rotation/report/rotation-health.js';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'dead_replica';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

interface Setting {
  readonly ttlMs?: number;
  readonly connectTimeoutMs: number;
}

/** A master, and a replica behind a proxy. */
class Replicated implements AsyncDisposable {
  private constructor(
    readonly fixture: RotatingFixture,
    readonly proxy: FaultProxy,
  ) {}

  static async start({ connectTimeoutMs, ...ttl }: Setting): Promise<Replicated> {
    const proxy = await FaultProxy.start({ targetPort: admin.port });
    const { host, port, database } = admin;
    const replication = { master: { host, port, database }, slaves: [{ host, port: proxy.port, database }] };
    const fixture = new RotatingFixture(admin, group, { ...ttl, typeorm: { connectTimeoutMS: connectTimeoutMs, replication } });
    await fixture.dataSource.initialize();
    return new Replicated(fixture, proxy);
  }

  /** @returns `served`, or the code of what failed */
  async ask(mode: 'master' | 'slave'): Promise<string> {
    const runner = this.fixture.dataSource.createQueryRunner(mode);
    try {
      await runner.query('SELECT 1');
      return 'served';
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }

  /** Asks the master without a pause until it has other credentials, or fails again and again. @returns the codes of what failed */
  async askUntilRotated(): Promise<string[]> {
    const failures: string[] = [];
    const rotated = new AbortController();
    void this.fixture.event('credentialsRotated').then(() => rotated.abort());
    while (!rotated.signal.aborted && failures.length < 10) {
      const outcome = await this.ask('master');
      if (outcome !== 'served') failures.push(outcome);
    }
    return failures;
  }

  async dropRole(): Promise<void> {
    const { username } = this.fixture.controller.snapshot();
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`;
    await queryPostgres(admin, `ALTER ROLE ${username} NOLOGIN`);
    await queryPostgres(admin, sessions);
    await queryPostgres(admin, `DROP ROLE ${username}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy.heal();
    await this.fixture[Symbol.asyncDispose]();
    await this.proxy.stop();
  }
}

describe('While a replica is away', () => {
  it.each([
    ['refuses connections', 500, (proxy: FaultProxy) => proxy.refuse()],
    ['answers nobody, for longer than the credentials live', 10_000, (proxy: FaultProxy) => proxy.hang()],
  ])(
    'and %s, the master changes its credentials before they end; the replica works once it is back',
    async (_, connectTimeoutMs, fault) => {
      await using replicated = await Replicated.start({ ttlMs: 4_000, connectTimeoutMs });
      const { fixture, proxy } = replicated;
      await fault(proxy);
      expect(await replicated.askUntilRotated()).toEqual([]);
      expect(await replicated.ask('master')).toBe('served');
      expect(fixture.events.map(({ type }) => type)).not.toContain('credentialsExpired');
      await proxy.heal();
      await expect.poll(() => replicated.ask('slave')).toBe('served');
      expect(rotationHealth(fixture.controller.snapshot())).toBe('up');
    },
  );

  it('its outage shows in the health although nobody asks it', async () => {
    await using replicated = await Replicated.start({ ttlMs: 4_000, connectTimeoutMs: 500 });
    const { fixture, proxy } = replicated;
    await proxy.refuse();
    await fixture.event('credentialsRotated');
    await expect
      .poll(() => fixture.controller.snapshot().pools.map(({ outage }) => outage))
      .toEqual(expect.arrayContaining(['ECONNREFUSED']));
    await proxy.heal();
    await expect.poll(() => rotationHealth(fixture.controller.snapshot())).toBe('up');
  });

  it('no pool changes its credentials while the old ones can serve on', async () => {
    await using replicated = await Replicated.start({ connectTimeoutMs: 300 });
    const { fixture, proxy } = replicated;
    await proxy.refuse();
    await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    expect(fixture.controller.snapshot().pools.map(({ generation }) => generation)).toEqual([1, 1]);
  });

  it('a role that an operator drops costs the master at most the statement in flight', async () => {
    await using replicated = await Replicated.start({ connectTimeoutMs: 10_000 });
    const { fixture, proxy } = replicated;
    await proxy.refuse();
    await proxy.resetOpen();
    await replicated.dropRole();
    const droppedAtMs = performance.now();
    const failures = await replicated.askUntilRotated();
    expect(failures.length).toBeLessThanOrEqual(1);
    expect(performance.now() - droppedAtMs).toBeLessThan(2_000);
    expect(await replicated.ask('master')).toBe('served');
    await proxy.heal();
    await expect.poll(() => replicated.ask('slave')).toBe('served');
    expect(fixture.controller.snapshot().generation).toBe(2);
  });

  it('and silent, a role that is dropped costs the master no wait for it, once its outage is known', async () => {
    await using replicated = await Replicated.start({ connectTimeoutMs: 10_000 });
    const { fixture, proxy } = replicated;
    await proxy.refuse();
    await proxy.resetOpen();
    await expect.poll(() => fixture.controller.snapshot().pools.map(({ connections }) => connections)).toContain(0);
    const asked = replicated.ask('slave');
    await expect.poll(() => fixture.controller.snapshot().pools.some(({ outage }) => outage !== undefined)).toBe(true);
    await proxy.hang();
    await replicated.dropRole();
    const droppedAtMs = performance.now();
    expect((await replicated.askUntilRotated()).length).toBeLessThanOrEqual(1);
    expect(performance.now() - droppedAtMs).toBeLessThan(2_000);
    await proxy.heal();
    expect(await asked).toBe('served');
  });

  it('a role that is dropped after a rotation failed is replaced by the next try', async () => {
    await using replicated = await Replicated.start({ connectTimeoutMs: 300 });
    const { fixture, proxy } = replicated;
    await proxy.refuse();
    await expect(fixture.controller.refreshNow()).rejects.toMatchObject({ code: 'DATABASE_SERVER_UNREACHABLE' });
    await replicated.dropRole();
    await replicated.ask('master');
    await fixture.event('credentialsRotated');
    expect(await replicated.ask('master')).toBe('served');
    expect(fixture.controller.snapshot()).toMatchObject({ generation: 3, failures: 1 });
  });
});
