import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChildProgram } from './child-program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-program-spec-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(source: string, env: Readonly<Record<string, string>> = {}): Promise<{ child: ChildProgram; lines: string[] }> {
  const entry = join(folder, `${crypto.randomUUID()}.mjs`);
  await writeFile(entry, source);
  const lines: string[] = [];
  return { child: new ChildProgram({ entry, env, onLine: (text) => lines.push(text) }), lines };
}

describe('ChildProgram', () => {
  it('hears every line of both outputs before it knows how the program ended', async () => {
    const { child, lines } = await run("console.log('one'); console.error('two'); console.log('three'); process.exitCode = 3;");
    expect(await child.ended).toBe(3);
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('gets the settings given, and none of the shell that would lead it to other servers', async () => {
    vi.stubEnv('VAULT_TOKEN', 'of-the-shell');
    vi.stubEnv('BAO_ADDR', 'https://elsewhere.example.com');
    vi.stubEnv('DB_HOST', 'elsewhere');
    const { child, lines } = await run(
      'const { VAULT_TOKEN, BAO_ADDR, DB_HOST, PATH } = process.env; console.log(JSON.stringify([VAULT_TOKEN, BAO_ADDR, DB_HOST, PATH !== undefined]));',
      { DB_HOST: '127.0.0.1' },
    );
    vi.unstubAllEnvs();
    await child.ended;
    expect(lines).toEqual(['[null,null,"127.0.0.1",true]']);
  });

  it('ends a program in good order, or by force once the time given is over', async () => {
    const polite = await run("process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready');");
    await expect.poll(() => polite.lines, { timeout: 10_000 }).toEqual(['ready']);
    expect(await polite.child.stop(10_000)).toBe(0);
    const stubborn = await run("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready');");
    await expect.poll(() => stubborn.lines, { timeout: 10_000 }).toEqual(['ready']);
    expect(await stubborn.child.stop(50)).toBe('SIGKILL');
  });
});
