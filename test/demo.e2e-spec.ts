import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoProcess, isRunning } from './support/demo-process.js';

describe('npm run demo -- --seconds 20', () => {
  let demo: DemoProcess;

  beforeAll(async () => {
    demo = await DemoProcess.start('--seconds', '20');
    await demo.endsWith(0);
  });
  afterAll(() => demo[Symbol.asyncDispose]());

  it('serves without a failed request while credentials rotate', () => {
    const [, requests, failed] = /requests +(\d+) in [\d.]+ s, (\d+) failed/.exec(demo.output) ?? [];
    const [, rotations] = /rotations +(\d+)/.exec(demo.output) ?? [];
    expect(failed).toBe('0');
    expect(Number(requests)).toBeGreaterThan(200);
    expect(Number(rotations)).toBeGreaterThanOrEqual(1);
  });

  it('leaves one Vault-issued role at most after the drain and none after the exit', () => {
    expect(demo.output).toMatch(/roles +\d+ at most, [01] after the drain, 0 after the exit/);
  });

  it('speaks TLS to OpenBao and shows each step of the start', () => {
    for (const step of [
      'OpenBao: https://127.0.0.1:',
      'PostgreSQL: 127.0.0.1:',
      'Provisioning: ',
      'Migration: ',
      'Grimoire: http://127.0.0.1:',
      'First recipe: ',
    ]) {
      expect(demo.output).toContain(`\n${step}`);
    }
  });

  it('prints plain lines, one for the state every two seconds and one for each rotation and renewal', () => {
    expect(stripVTControlCharacters(demo.output)).toBe(demo.output);
    expect(demo.output).not.toContain('\r');
    expect(demo.output.match(/^\d\d:\d\d \| token \d+ s \| 1 lease \| generation \d+, credential/gm)?.length).toBeGreaterThanOrEqual(8);
    expect(demo.output).toMatch(/^\d\d:\d\d \| rotation: Credentials of grimoire-reader rotated/m);
    expect(demo.output).toMatch(/^\d\d:\d\d \| renewal: Token renewed/m);
  });

  it('leaves no file behind', async () => expect(await demo.filesLeft()).toEqual([]));
});

describe('npm run demo', () => {
  it.each([
    ['SIGINT', 'it serves', /\| token \d+ s/, 0],
    ['SIGTERM', 'it serves', /\| token \d+ s/, 0],
    ['SIGINT', 'the servers start', /PostgreSQL: initdb/, 130],
    ['SIGINT', 'the application starts', /Grimoire: logs in/, 130],
  ] as const)('is over within 5 s of a %s while %s and leaves no process and no file', async (signal, _when, moment, expectedCode) => {
    await using demo = await DemoProcess.start();
    await demo.printed(moment);
    const processes = await demo.processes();
    const signalledAtMs = performance.now();
    demo.signal(signal);
    await demo.endsWith(expectedCode);
    expect(performance.now() - signalledAtMs).toBeLessThan(5_000);
    await expect.poll(() => processes.filter(isRunning), { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => demo.filesLeft(), { timeout: 5_000 }).toEqual([]);
  });

  it('ends in good order when nobody reads its output any more', async () => {
    await using demo = await DemoProcess.start();
    await demo.printed(/PostgreSQL: initdb/);
    const processes = await demo.processes();
    demo.closeOutput();
    await demo.endsWith(130);
    await expect.poll(() => processes.filter(isRunning), { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => demo.filesLeft(), { timeout: 5_000 }).toEqual([]);
  });

  it('names an argument that it does not know and what it takes, and exits with 2', async () => {
    await using demo = await DemoProcess.start('--minutes', '1');
    await demo.endsWith(2);
    expect(demo.output).toContain("Unknown option '--minutes'");
    expect(demo.output).toContain('npm run demo -- --help');
  });
});
