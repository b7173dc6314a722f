import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { NativePool } from '../driver/native-pool.js';
import { postgresFailureKind, postgresFailureReason } from '../driver/postgres/postgres-failure.js';
import type { PoolOwner } from './pool-owner.js';
import { RotatingPool } from './rotating-pool.js';

const hung = new Promise<never>(() => undefined);

const native: NativePool = {
  idleCount: 0,
  expiredCount: 0,
  physicalCount: 0,
  acquire: () => undefined,
  query: () => hung,
  isUsable: () => true,
  proveLogin: () => hung,
  terminate: () => hung,
  end: () => hung,
};

/** An adapter that keeps no time-out. */
const adapter: DriverAdapter = {
  settings: () => ({ product: 'Played', target: 'played', max: 2, acquireTimeoutMs: undefined, connectTimeoutMs: 1_000, handOff: true }),
  openPool: () => native,
  classify: postgresFailureKind,
  reasonOf: postgresFailureReason,
  suggestsLostRole: () => false,
};

const owner: PoolOwner = {
  admit: () => hung,
  dismiss: () => undefined,
  loginRejected: () => hung,
  roleSuspected: () => hung,
  catchUp: () => undefined,
};

describe('A driver adapter that never answers', () => {
  it('ends the proof of new credentials as a server that is away does', async () => {
    const clock = new ManualClock();
    const settings = { validationQuery: 'SELECT 1', maxConnections: undefined, outageBudgetMs: undefined };
    const pool = new RotatingPool({}, { adapter, owner, clock, random: () => 0, ...settings });
    const numbered = { number: 1, credential: new DatabaseCredential({ username: 'u' }) };
    const { signal } = new AbortController();
    const prepared = pool.prepare(numbered, { signal, loginRetryMs: 0, warmUntilMs: () => 0 }).catch((error: unknown) => error);
    await clock.advance(0);
    await clock.advance(3_000);
    expect(await prepared).toMatchObject({
      code: 'DATABASE_SERVER_UNREACHABLE',
      message: expect.stringMatching(/^Played at played /) as string,
    });
  });

  it('ends the check of credentials in force', async () => {
    const clock = new ManualClock();
    const settings = { validationQuery: 'SELECT 1', maxConnections: undefined, outageBudgetMs: undefined };
    const working = {
      ...native,
      acquire: ((callback) => callback(undefined, {}, () => undefined)) as NativePool['acquire'],
      query: () => Promise.resolve(),
    };
    const pool = new RotatingPool({}, { adapter: { ...adapter, openPool: () => working }, owner, clock, random: () => 0, ...settings });
    const { signal } = new AbortController();
    const numbered = { number: 1, credential: new DatabaseCredential({ username: 'u' }) };
    const prepared = await pool.prepare(numbered, { signal, loginRetryMs: 0, warmUntilMs: () => 0 });
    prepared.commit(undefined);
    const failure = pool.proveActive();
    await clock.advance(2_000);
    expect(await failure).toMatchObject({ kind: 'network' });
  });
});

const fails = (): Promise<never> => Promise.reject(new Error('an adapter that throws'));
const throws = (): never => {
  throw new Error('an adapter that throws');
};

describe('A driver adapter that throws', () => {
  it.each([
    ['a rejection', fails],
    ['an exception', throws],
  ])('as it closes connections and pools, with %s, keeps no pool from its end', async (_, failing) => {
    const clock = new ManualClock();
    const settings = { validationQuery: 'SELECT 1', maxConnections: undefined, outageBudgetMs: undefined };
    const failed: NativePool = {
      ...native,
      idleCount: 1,
      acquire: (callback) => callback(undefined, {}, () => undefined),
      query: () => Promise.resolve(),
      terminate: failing,
      end: failing,
    };
    const pool = new RotatingPool({}, { adapter: { ...adapter, openPool: () => failed }, owner, clock, random: () => 0, ...settings });
    const { signal } = new AbortController();
    const numbered = { number: 1, credential: new DatabaseCredential({ username: 'u' }) };
    const prepared = await pool.prepare(numbered, { signal, loginRetryMs: 0, warmUntilMs: () => 0 });
    prepared.commit(undefined);
    await pool.connect();
    expect(pool.snapshot()).toMatchObject({ inUse: 1 });
    const closed = pool.close(1_000);
    await clock.advance(2_000);
    await closed;
    expect(pool.snapshot()).toMatchObject({ inUse: 0 });
    expect(pool.ended).toBe(true);
  });
});
