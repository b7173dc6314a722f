import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { thisMachine, type CommandResult } from './machine.js';

let folder: string;
const inFolder = (name: string): string => join(folder, name);
const program = process.platform === 'win32' ? 'bao.exe' : 'bao';

const node = (source: string, machine = thisMachine(), timeoutMs = 30_000): Promise<CommandResult> =>
  machine.run(process.execPath, ['-e', source], timeoutMs);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-spec-'));
  for (const [name, mode] of [
    ['first', 0o644],
    ['second', 0o755],
    ['third', 0o755],
  ] as const) {
    await mkdir(inFolder(name));
    await writeFile(join(inFolder(name), program), '');
    await chmod(join(inFolder(name), program), mode);
  }
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe('The PATH of this machine', () => {
  it('leads to the first file that can be run', async () => {
    vi.stubEnv('PATH', ['', 'first', 'absent', 'second', 'third'].map((name) => name && inFolder(name)).join(delimiter));
    expect(await thisMachine().findOnPath('bao')).toBe(join(inFolder('second'), program));
  });

  it.each(['', undefined])('leads nowhere when it is %j', async (path) => {
    vi.stubEnv('PATH', path);
    expect(await thisMachine().findOnPath('bao')).toBeUndefined();
  });
});

describe('A command on this machine', () => {
  it('tells its code and what it printed', async () => {
    expect(await node(`console.log('out'); console.error('err'); process.exitCode = 3`)).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('has no code when it cannot be started, and says why', async () => {
    expect(await thisMachine().run(inFolder('absent'), [], 1_000)).toMatchObject({
      code: null,
      stderr: expect.stringContaining('ENOENT') as string,
    });
  });

  it('has no code when it takes too long', async () => {
    expect((await node('setInterval(() => {}, 1_000)', thisMachine(), 50)).code).toBeNull();
  });

  it('ends with the signal of the start that it belongs to', async () => {
    const start = new AbortController();
    const ended = node('setInterval(() => {}, 1_000)', thisMachine(start.signal));
    start.abort();
    expect((await ended).code).toBeNull();
  });
});

describe('The cache of this machine', () => {
  it('is where the user wants caches', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/caches');
    expect(thisMachine().cacheFolder).toBe(join('/caches', 'keyturn'));
  });
});
