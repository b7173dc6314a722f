import { DatabaseCredential, PostgresAdapter, RotatingPool, RotationController, type IssuedCredential } from '@keyturn/database';
import pg from 'pg';

const pools = 2_000;

/** Bytes of heap that one idle rotating pool takes beyond a plain `pg.Pool`. Run node with --expose-gc for a steady figure. */
export function heapPerIdlePool(): { readonly rotatingBytes: number; readonly plainBytes: number } {
  const source = { name: 'bench', mints: true, issue: (): Promise<IssuedCredential> => Promise.reject(new Error('not used')) };
  const { poolContext } = new RotationController({ source, adapter: new PostgresAdapter(pg) });
  const options = { host: '127.0.0.1', port: 1, database: 'none' };
  return {
    rotatingBytes: heapOf(() => new RotatingPool(options, poolContext)),
    plainBytes: heapOf(() => new pg.Pool({ ...options, ...new DatabaseCredential({ username: 'none' }).toJSON() })),
  };
}

function heapOf(make: () => object): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: pools }, make);
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  return Math.max(0, Math.round(bytes / kept.length));
}
