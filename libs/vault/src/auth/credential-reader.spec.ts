import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
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

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new TypeError('s3cret');
      },
    ],
    // oxlint-disable-next-line prefer-promise-reject-errors -- a function of an application may do so
    ['rejects with text', () => Promise.reject('s3cret')],
    ['rejects with nothing', () => Promise.reject()],
  ])('names the setting whose function %s, and shows nothing of what it threw', async (_, give) => {
    const error: unknown = await new CredentialReader(give, setting).read().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'VAULT_SERVER_FAILED', message: expect.stringContaining('VAULT_SECRET_ID') as string });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret');
  });

  it("passes on an error of Vault's, such as one of the connection that a function asks", async () => {
    const away = new VaultUnreachableError('away');
    await expect(new CredentialReader(() => Promise.reject(away), setting).read()).rejects.toBe(away);
  });

  it.each<[string, unknown, string]>([
    ['a number', 42, 'of the type number'],
    ['an object', { secret_id: 's3cret' }, 'of the type object'],
    ['nothing', undefined, 'missing or empty'],
    ['blanks', ' ', 'missing or empty'],
  ])('says what is wrong with %s', async (_, value, words) => {
    const reader = new CredentialReader(() => value as string, setting);
    await expect(reader.read()).rejects.toMatchObject({
      code: 'VAULT_CONFIGURATION_INVALID',
      message: expect.stringContaining(words) as string,
    });
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
