import { chown, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import type { PostgresCluster } from './postgres-cluster.js';

/** Their contents are made anew by a server that starts on a backup (PostgreSQL, "Continuous Archiving", "Backing Up The Data Directory"). */
const EMPTY_FOLDERS = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pgsql_tmp',
]);
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);

/**
 * Copies the data folder of a running server with the low-level API, as npm's PostgreSQL has no pg_basebackup.
 * @param superuser a client of the server that is connected; it must not be used meanwhile
 */
export async function takeBaseBackup(primary: PostgresCluster, folder: string, superuser: Client): Promise<PostgresCluster> {
  const dataFolder = join(folder, 'data');
  await mkdir(folder, { mode: 0o700 });
  await superuser.query("SELECT pg_backup_start('standby', true)");
  await cp(primary.dataFolder, dataFolder, {
    recursive: true,
    filter: (source) => !EMPTY_FOLDERS.has(basename(dirname(source))) && !LEFT_OUT.has(relative(primary.dataFolder, source)),
  });
  const { rows } = await superuser.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  await writeFile(join(dataFolder, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 });
  return { ...primary, folder, dataFolder };
}

/** Gives a folder and all below it to the user that PostgreSQL runs as. */
export async function ownAll({ folder, user: { uid, gid } }: PostgresCluster): Promise<void> {
  if (uid === undefined || gid === undefined) return;
  const entries = await readdir(folder, { recursive: true });
  await Promise.all([folder, ...entries.map((entry) => join(folder, entry))].map((path) => chown(path, uid, gid)));
}
