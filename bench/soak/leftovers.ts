import type { DevServices } from '@keyturn/dev-services';

/** What the application has left in the database after it has stopped. */
export interface Leftovers {
  readonly roles: number;
  readonly connections: number;
}

export async function countLeftovers({ postgres }: DevServices): Promise<Leftovers> {
  const roles = await postgres.query(`SELECT 1 FROM pg_roles WHERE rolname LIKE 'v-%'`);
  const connections = await postgres.query(`SELECT 1 FROM pg_stat_activity WHERE usename LIKE 'v-%' OR usename = 'bench_static'`);
  return { roles: roles.length, connections: connections.length };
}
