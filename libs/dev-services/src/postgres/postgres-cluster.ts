import { randomUUID } from 'node:crypto';
import { chown, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DevServicesError } from '../errors/dev-services.error.js';
import { ServerStartFailedError } from '../errors/server-start-failed.error.js';
import type { ProcessPlan } from '../process/supervisor-messages.js';
import type { Supervisor } from '../process/supervisor.js';
import { binariesBelow, locatePostgres, type PostgresBinaries } from './programs/postgres-binaries.js';
import { postgresUser, type ServerUser } from './programs/postgres-user.js';

/** An initialised data folder and the programs and user to serve it with. */
export interface PostgresCluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
}

/** Makes a data folder in the scratch folder of the run, its superuser `postgres` with that password. */
export async function createPostgresCluster(supervisor: Supervisor, password: string): Promise<PostgresCluster> {
  const [installed, user] = await Promise.all([locatePostgres(), postgresUser()]);
  const folder = join(supervisor.folder, `postgres-${randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await own(user, folder, passwordFile);
  const cluster = { folder, dataFolder: join(folder, 'data'), user };
  const reachable = await reachableBinaries(supervisor, installed, user);
  await initialise(supervisor, { ...cluster, binaries: reachable }, passwordFile);
  await rm(passwordFile);
  return { ...cluster, binaries: reachable };
}

/** Gives files to the user that PostgreSQL runs as. */
export async function own(user: ServerUser, ...paths: readonly string[]): Promise<void> {
  const { uid, gid } = user;
  if (uid !== undefined && gid !== undefined) await Promise.all(paths.map((path) => chown(path, uid, gid)));
}

/** The process plan of one of the programs. */
export function postgresPlan(cluster: Omit<PostgresCluster, 'dataFolder'>, command: string, args: readonly string[]): ProcessPlan {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: cluster.folder,
    LC_ALL: 'C',
    ...(process.env['SystemRoot'] ? { SystemRoot: process.env['SystemRoot'] } : {}),
  };
  // SIGQUIT is the shutdown that also ends the sessions' processes at once and leaves no shared memory behind.
  return { command, args, env, cwd: cluster.folder, stopSignal: 'SIGQUIT', ...cluster.user };
}

/** Another user may not reach an installation below root's home folder: then the run gets a copy of it in its scratch folder. */
async function reachableBinaries(supervisor: Supervisor, installed: PostgresBinaries, user: ServerUser): Promise<PostgresBinaries> {
  if (user.uid === undefined) return installed;
  try {
    const probe = await supervisor.spawn({
      ...postgresPlan({ folder: supervisor.folder, binaries: installed, user }, installed.postgres, ['--version']),
    });
    if ((await probe.ended).code === 0) return installed;
  } catch (error) {
    if (!(error instanceof DevServicesError)) throw error;
  }
  const copy = join(supervisor.folder, 'postgres-programs');
  await cp(installed.root, copy, { recursive: true, verbatimSymlinks: true });
  return binariesBelow(copy);
}

async function initialise(supervisor: Supervisor, cluster: PostgresCluster, passwordFile: string): Promise<void> {
  const options = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C'];
  const args = [`--pgdata=${cluster.dataFolder}`, ...options, '--no-sync', '--no-instructions'];
  const initdb = await supervisor.spawn(postgresPlan(cluster, cluster.binaries.initdb, args));
  const { code, signal } = await initdb.ended;
  if (code === 0) return;
  throw new ServerStartFailedError({
    server: 'PostgreSQL',
    reason: `initdb ended with ${signal ?? `exit code ${code}`}`,
    remedy: 'See its last output.',
    lastOutput: initdb.output.lastLines(),
  });
}
