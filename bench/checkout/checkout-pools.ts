import { DatabaseCredential, PostgresAdapter, RotatingPool, RotationController, type IssuedCredential } from '@keyturn/database';
import pg from 'pg';
import { PlayedClient } from './played-client.js';

const hourMs = 3_600_000;

/** What both pools have. */
export interface BenchPool {
  readonly totalCount: number;
  connect(callback: (error: Error | undefined, client: unknown, release: () => void) => void): void;
  end(): Promise<void>;
}

export interface CheckoutPools<Pool = BenchPool> {
  /** pg-pool's own. */
  readonly plain: Pool;
  /** Ours over pg-pool. */
  readonly rotating: Pool;
}

export interface BenchPoolOptions {
  readonly max: number;
  readonly idleTimeoutMillis?: number;
}

/** Makers of both pools, with the same played client and the same options; the credentials are played as well. */
export function checkoutPools(own: BenchPoolOptions): CheckoutPools<() => BenchPool> {
  const options = { host: '127.0.0.1', port: 1, database: 'none', Client: PlayedClient as unknown as typeof pg.Client, ...own };
  const source = { name: 'bench', mints: true, issue: (): Promise<IssuedCredential> => Promise.resolve(issued()) };
  const { poolContext } = new RotationController({ source, adapter: new PostgresAdapter(pg) });
  return {
    plain: () => new pg.Pool({ ...options, user: 'played' }),
    rotating: () => new RotatingPool(options, poolContext),
  };
}

function issued(): IssuedCredential {
  const nowMs = performance.now();
  return {
    credential: new DatabaseCredential({ username: 'played' }),
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + hourMs,
    atExpiry: 'unusable',
    extendable: false,
    subscribe: () => () => undefined,
    shorten: () => Promise.resolve(),
    revoke: () => Promise.resolve(),
    release: () => undefined,
  };
}
