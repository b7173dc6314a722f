import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { GrimoireServices } from './support/grimoire-services.js';
import { Load } from './support/load.js';

let grimoire: GrimoireServices;
beforeAll(async () => {
  grimoire = await GrimoireServices.start();
});
afterAll(() => grimoire?.stop());

describe('kill -9', () => {
  it('leaves nothing that keeps a new start from working', async () => {
    await using first = await grimoire.launch();
    expect((await fetch(new URL('/recipes/1', first.url))).status).toBe(200);
    expect(await first.program.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await grimoire.mintedUsers()).toHaveLength(1);

    await using second = await grimoire.launch({ PORT: new URL(first.url).port });
    expect((await fetch(new URL('/recipes/1', second.url))).status).toBe(200);
    expect(second.url).toBe(first.url);
    await second.program.end('SIGTERM');

    await grimoire.services.openbao.api('PUT', 'sys/leases/revoke-prefix/database/creds/grimoire-reader');
  });
});

describe('SIGTERM', () => {
  it('answers every request that has arrived from 16 clients, then leaves no lease, no token and no user behind', async () => {
    await using app = await grimoire.launch();
    const load = new Load(app.url, { clients: 16, paths: ['/recipes/1', '/recipes'] });
    await expect.poll(() => load.answered, { timeout: 20_000 }).toBeGreaterThan(500);
    expect(await app.program.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const report = await load.stop();
    process.stdout.write(`SIGTERM under load: ${JSON.stringify(report)}\n`);
    const { ECONNREFUSED: refused = 0, ...otherErrors } = report.errors;
    expect(otherErrors).toEqual({});
    expect(report.statuses).toEqual({ 200: report.requests - refused });
    await expectNothingLeft();
  });

  it('lets a request that waits for the database finish, and closes idle connections meanwhile', async () => {
    await using app = await grimoire.launch();
    await using lock = await lockRecipes();
    const inFlight = fetch(new URL('/recipes/1', app.url));
    await expect.poll(() => lock.waiting(), { timeout: 20_000 }).toBe(1);
    const idle = await fetch(new URL('/health/live', app.url));
    expect(await idle.json()).toEqual({ status: 'ok' });

    app.program.signal('SIGTERM');
    await app.program.logged(/Shutting down; 1 requests in flight/);
    await expect
      .poll(
        () =>
          fetch(new URL('/health/live', app.url)).then(
            () => 'accepted',
            () => 'refused',
          ),
        { timeout: 20_000 },
      )
      .toBe('refused');
    await lock.release();

    const response = await inFlight;
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ id: 1 })]);
    expect(await app.program.exited).toEqual({ code: 0, signal: null });
    await expectNothingLeft();
  });

  it('ends a process that is still starting', async () => {
    await grimoire.services.faults.hang();
    const program = grimoire.run('main.js', await grimoire.environment());
    await program.logged(/Starting Nest application/);
    const { code, signal } = await program.end('SIGTERM');
    await grimoire.services.faults.heal();
    expect(code ?? signal).toSatisfy((end) => end === 0 || end === 'SIGTERM');
  });
});

describe('the output', () => {
  it('holds no secret', () => {
    expect(grimoire.ledger.size).toBeGreaterThan(10);
    expect(grimoire.leaks()).toEqual([]);
  });
});

async function expectNothingLeft(): Promise<void> {
  expect(await grimoire.leases()).toEqual([]);
  expect(await grimoire.mintedUsers()).toEqual([]);
  const token = grimoire.wiretap.tokens.at(-1);
  const { status } = await grimoire.services.openbao.ask('POST', 'auth/token/lookup', { token });
  expect([403, 404]).toContain(status);
}

/** Holds the table so that every reader waits. */
async function lockRecipes(): Promise<AsyncDisposable & { release(): Promise<void>; waiting(): Promise<number> }> {
  const { caFile = '', ...access } = grimoire.services.postgres.superuser;
  const client = new Client({ ...access, ssl: { ca: readFileSync(caFile, 'utf8') } });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE recipes IN ACCESS EXCLUSIVE MODE');
  return {
    release: async () => void (await client.query('COMMIT')),
    waiting: async () => {
      const [row] = await grimoire.services.postgres.query(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      );
      return Number(row?.['n']);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
