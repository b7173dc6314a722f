import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ServerStartFailedError } from '../../errors/server-start-failed.error.js';

const execute = promisify(execFile);

/** The user that PostgreSQL runs as; empty when it runs as the caller. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, which is created when the machine has none. */
export async function postgresUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  return (await lookUp()) ?? create();
}

async function lookUp(): Promise<Required<ServerUser> | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await execute('id', [flag, 'postgres'])).stdout)));
    return uid && gid ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function create(): Promise<ServerUser> {
  try {
    await execute('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch (cause) {
    // A run beside this one may have created it in between: the next look decides.
    const user = await lookUp();
    if (!user) throw cannotCreate(cause);
    return user;
  }
  const user = await lookUp();
  if (!user) throw cannotCreate(undefined);
  return user;
}

function cannotCreate(cause: unknown): ServerStartFailedError {
  const reason = 'PostgreSQL does not run as root and the user `postgres` could not be created';
  return new ServerStartFailedError(
    { server: 'PostgreSQL', reason, remedy: 'Create that user, or run as another user than root.' },
    { cause },
  );
}
