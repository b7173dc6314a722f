import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { PostgresAccess } from './postgres-access.js';

/** Runs one statement on a connection of its own and returns its rows. */
export async function queryPostgres(
  access: PostgresAccess,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return withPostgres(access, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  });
}

/** Runs `work` with a connection of its own, which is closed afterwards. */
export async function withPostgres<Result>(access: PostgresAccess, work: (client: Client) => Promise<Result>): Promise<Result> {
  const { caFile, ...connection } = access;
  const client = new Client({
    ...connection,
    connectionTimeoutMillis: 10_000,
    ...(caFile ? { ssl: { ca: readFileSync(caFile, 'utf8'), rejectUnauthorized: true } } : {}),
  });
  // A server that is killed under the connection is the caller's failed query, not an uncaught event.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
