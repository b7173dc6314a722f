import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CredentialReader } from './credential-reader.js';

const setting = { variable: 'VAULT_SECRET_ID', option: 'auth: appRole({ secretId })' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-credential-'));
});
afterEach(() => rm(folder, { recursive: true }));

const afterAbort = async (read: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> => {
  const controller = new AbortController();
  const asked = read(controller.signal).catch((error: unknown) => error);
  controller.abort();
  return asked;
};

describe('CredentialReader', () => {
  it('hands the signal of the log-in to a function', async () => {
    const { signal } = new AbortController();
    const reader = new CredentialReader(async (given) => `${given === signal}`, setting);
    expect((await reader.read(signal)).reveal()).toBe('true');
  });

  it('gives up a function that hangs when the log-in does, and names the setting', async () => {
    const reader = new CredentialReader(() => new Promise<string>(() => undefined), setting);
    expect(await afterAbort((signal) => reader.read(signal))).toMatchObject({
      code: 'VAULT_TIMEOUT',
      message: expect.stringMatching(/VAULT_SECRET_ID.*function/) as string,
    });
  });

  describe('with a file that hangs', () => {
    it('gives up when the log-in does, and holds one thread of the process however often it is tried', async () => {
      const pipe = join(folder, 'secret-id');
      execFileSync('mkfifo', [pipe]);
      const reader = new CredentialReader({ file: pipe }, setting);
      for (let attempt = 0; attempt < 8; attempt += 1) {
        expect(await afterAbort((signal) => reader.read(signal))).toMatchObject({
          code: 'VAULT_TIMEOUT',
          message: expect.stringContaining(pipe) as string,
        });
      }
      // Four threads do all file work of a process: eight reads that hang would let nothing through.
      const other = join(folder, 'other');
      await writeFile(other, 'o');
      expect((await new CredentialReader({ file: other }, setting).read()).reveal()).toBe('o');
      const last = reader.read();
      // Opens once there is a reader.
      await writeFile(pipe, 'at last\n');
      expect((await last).reveal()).toBe('at last');
    });

    it('reads it anew once it has answered', async () => {
      const pipe = join(folder, 'secret-id');
      execFileSync('mkfifo', [pipe]);
      const reader = new CredentialReader({ file: pipe }, setting);
      await afterAbort((signal) => reader.read(signal));
      const joined = reader.read();
      await writeFile(pipe, 'first');
      expect((await joined).reveal()).toBe('first');
      await rm(pipe);
      await writeFile(pipe, 'second');
      expect((await reader.read()).reveal()).toBe('second');
    });
  });

  it('asks nothing for a log-in that has ended already', async () => {
    let asked = 0;
    const reader = new CredentialReader(() => `${(asked += 1)}`, setting);
    await expect(reader.read(AbortSignal.abort())).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    expect(asked).toBe(0);
  });
});
