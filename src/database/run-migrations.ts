import type { DataSource } from 'typeorm';

/** Any number that nothing else in this database locks. */
const migrationLock = 7_303_014;

/**
 * Applies the migrations that the schema lacks, each in a transaction. Several instances may start at once: one instance applies them, the
 * others wait for it.
 * @returns the names of those it applied
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    return applied.map(({ name }) => name);
  } finally {
    await lock.release();
  }
}
