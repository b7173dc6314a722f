import { inspect } from 'node:util';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { comparedDataSources, createComparedRoles, dropComparedRoles, eventsOf } from './plain-and-rotating.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'compared';
const server = { host: admin.host, port: admin.port, database: admin.database };

beforeAll(() => createComparedRoles(admin, group));
afterAll(() => dropComparedRoles(admin, group));

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const stackOf = async (work: () => Promise<unknown>): Promise<string> => {
  const error: unknown = await work().catch((failure: unknown) => failure);
  return String((error as Error).stack);
};

describe.each(comparedDataSources(admin, group))('What users of pg-pool 3 rely on, on %s', (_, start) => {
  it.each<[string, (pool: Pool) => Promise<unknown>, unknown]>([
    ['a text', (pool) => pool.query('SELECT 1 AS one').then(({ rows }) => rows), [{ one: 1 }]],
    ['a text and values', (pool) => pool.query('SELECT $1::int AS n', [7]).then(({ rows, rowCount }) => [rows, rowCount]), [[{ n: 7 }], 1]],
    [
      'a named statement',
      (pool) => pool.query({ name: 'seven', text: 'SELECT $1::int AS n', values: [7] }).then(({ rows }) => rows),
      [{ n: 7 }],
    ],
    ['rows as arrays', (pool) => pool.query({ text: 'SELECT 1, 2', rowMode: 'array' }).then(({ rows }) => rows), [[1, 2]]],
    [
      'a text and a callback',
      (pool) => new Promise((resolve) => pool.query('SELECT 1 AS one', (error, result) => resolve([error, result.rows]))),
      [undefined, [{ one: 1 }]],
    ],
    [
      'a text, values and a callback',
      (pool) => new Promise((resolve) => pool.query('SELECT $1::int AS n', [7], (error, result) => resolve([error, result.rows]))),
      [undefined, [{ n: 7 }]],
    ],
    ['a text that fails', (pool) => pool.query('SELECT nothing').catch((error: { code: string }) => error.code), '42703'],
    [
      'a text that fails and a callback',
      (pool) =>
        new Promise((resolve) => pool.query('SELECT nothing', (error, result) => resolve([(error as { code?: string }).code, result]))),
      ['42703', undefined],
    ],
  ])('query() takes %s', async (_form, query, expected) => {
    await using compared = await start({ poolSize: 1 });
    expect(await query(compared.pool)).toEqual(expected);
    expect([compared.pool.waitingCount, (await compared.pool.query('SELECT 1')).rowCount]).toEqual([0, 1]);
  });

  it('query() takes no function in place of a text', async () => {
    await using compared = await start();
    const told = new Promise((resolve) => void compared.pool.query(resolve as unknown as string));
    expect(message(await told)).toBe('Passing a function as the first parameter to pool.query is not supported');
  });

  it('what fails has a stack that leads to who asked', async () => {
    await using compared = await start();
    expect(await stackOf(async () => void (await compared.pool.query('SELECT nothing')))).toContain('same-as-plain-pg');
    await compared.pool.end();
    expect(await stackOf(async () => void (await compared.pool.query('SELECT 1')))).toContain('same-as-plain-pg');
    expect(await stackOf(async () => void (await compared.pool.connect()))).toContain('same-as-plain-pg');
  });

  it('query() closes a connection whose statement failed, and keeps one whose statement succeeded', async () => {
    await using compared = await start({ poolSize: 1 });
    const seen = eventsOf(compared.pool);
    await compared.pool.query('SELECT 1');
    await compared.pool.query('SELECT nothing').catch(() => undefined);
    await compared.pool.query('SELECT 1');
    // Sorted: when the socket of the closed one is gone is nobody's promise.
    const expected = ['acquire', 'release', 'acquire', 'release', 'remove', 'connect', 'acquire', 'release'];
    await expect.poll(() => seen.toSorted()).toEqual(expected.toSorted());
  });

  it('events come with the client, and with the reason of a release', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const seen: unknown[][] = [];
    pool.on('connect', (...given) => seen.push(['connect', ...given]));
    pool.on('acquire', (...given) => seen.push(['acquire', ...given]));
    pool.on('release', (...given) => seen.push(['release', ...given]));
    pool.on('remove', (...given) => seen.push(['remove', ...given]));
    const first = await pool.connect();
    first.release();
    const again = await pool.connect();
    const reason = new Error('broken');
    again.release(reason);
    await expect.poll(() => seen.length).toBe(5);
    const second = await pool.connect();
    second.release(true);
    await expect.poll(() => seen.length).toBe(9);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    const expected = [
      ['acquire', first],
      ['release', undefined, first],
      ['acquire', first],
      ['release', reason, first],
      ['remove', first],
      ['connect', second],
      ['acquire', second],
      ['release', true, second],
      ['remove', second],
    ];
    for (const [at, event] of expected.entries()) event.forEach((value, index) => expect(seen[at]![index]).toBe(value));
  });

  it('events come for callers who had to wait as well, in the order of their coming', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const seen = eventsOf(pool);
    const served: number[] = [];
    const users = Array.from({ length: 4 }, async (_user, number) => {
      const client = await pool.connect();
      served.push(number);
      client.release();
    });
    expect(pool.waitingCount).toBeGreaterThanOrEqual(3);
    await Promise.all(users);
    expect(served).toEqual([0, 1, 2, 3]);
    expect(seen).toEqual(['acquire', 'release', 'acquire', 'release', 'acquire', 'release', 'acquire', 'release']);
  });

  it("a statement in a listener of 'connect' runs before any of the connection's user", async () => {
    await using compared = await start({ poolSize: 2 });
    compared.pool.on('connect', (client) => void client.query("SET application_name TO 'listened'"));
    const held = await compared.pool.connect();
    const { rows } = await compared.pool.query('SHOW application_name');
    held.release();
    expect(rows).toEqual([{ application_name: 'listened' }]);
  });

  it('connect() with a callback gives client and release, and a release that does nothing where it fails', async () => {
    await using compared = await start({ poolSize: 1 });
    const { pool } = compared;
    const client = await new Promise<unknown>((resolve) =>
      pool.connect((_error, given, done) => {
        done();
        resolve(given);
      }),
    );
    expect(client).toBeDefined();
    await pool.end();
    const refused = await new Promise((resolve) => pool.connect((error) => resolve(error)));
    expect(message(refused)).toContain('Cannot use a pool after calling end on the pool');
    await expect(pool.connect()).rejects.toThrow('Cannot use a pool after calling end on the pool');
    await expect(pool.query('SELECT 1')).rejects.toThrow('Cannot use a pool after calling end on the pool');
  });

  it('a client may be released once', async () => {
    await using compared = await start({ poolSize: 1 });
    const client = await compared.pool.connect();
    client.release();
    expect(() => client.release()).toThrow('Release called on client which has already been released to the pool.');
  });

  it('end() is heard once: the second call is refused, with a promise and with a callback', async () => {
    await using compared = await start();
    const { pool } = compared;
    const client = await pool.connect();
    expect([pool.ending, pool.ended]).toEqual([false, false]);
    const ended = pool.end();
    expect([pool.ending, pool.ended]).toEqual([true, false]);
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
    const told = new Promise((resolve) => pool.end(resolve as () => void));
    expect(message(await told)).toContain('Called end on pool more than once');
    client.release();
    await ended;
    expect([pool.ending, pool.ended, pool.totalCount, pool.idleCount]).toEqual([true, true, 0, 0]);
  });

  it('counts connections and callers', async () => {
    await using compared = await start({ poolSize: 2 });
    const { pool } = compared;
    const clients = [await pool.connect(), await pool.connect()];
    const waiting = pool.connect();
    expect([pool.totalCount, pool.idleCount, pool.waitingCount, pool.expiredCount]).toEqual([2, 0, 1, 0]);
    for (const client of clients) client.release();
    (await waiting).release();
    await expect.poll(() => [pool.totalCount, pool.idleCount, pool.waitingCount, pool.expiredCount]).toEqual([2, 2, 0, 0]);
  });

  it('shows its options with their defaults, and no password', async () => {
    await using compared = await start({ poolSize: 3, applicationName: 'shown', extra: { idleTimeoutMillis: 5_000 } });
    const { options } = compared.pool;
    expect(options).toMatchObject({
      ...server,
      application_name: 'shown',
      max: 3,
      min: 0,
      maxUses: Number.POSITIVE_INFINITY,
      allowExitOnIdle: false,
      maxLifetimeSeconds: 0,
      idleTimeoutMillis: 5_000,
    });
    expect(Object.keys(options)).not.toContain('password');
    expect(inspect(options, { depth: 9 })).not.toContain('plain');
  });
});
