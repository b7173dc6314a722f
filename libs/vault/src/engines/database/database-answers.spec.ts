import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { answer, away, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import type { TrackedLease } from '../../leases/tracked/tracked-lease.js';
import { DatabaseEngine } from './database.engine.js';
import { LeasedDatabaseCredentials } from './leased-database-credentials.js';

const engine = (reply: () => VaultResponse | Promise<VaultResponse>, mountPoint?: string): DatabaseEngine =>
  new DatabaseEngine(new ScriptedServer(reply).handle, mountPoint);
const full = {
  username: 'u',
  password: 'hunter2',
  ttl: 5,
  rotation_period: 60,
  last_vault_rotation: '2030-01-01T00:00:00Z',
};
const name = 'reader';
const calls = {
  dynamic: (database: DatabaseEngine, mountPoint?: string) => database.generateCredentials({ name, mountPoint }),
  static: (database: DatabaseEngine, mountPoint?: string) => database.getStaticCredentials({ name, mountPoint }),
  rotated: (database: DatabaseEngine, mountPoint?: string) => database.rotateStaticRoleCredentials({ name, mountPoint }),
};

describe('The answer with the credentials of a database role', () => {
  it('gives user name and password, and shows neither', async () => {
    const { data } = await engine(() => answer(full)).generateCredentials({
      name,
    });
    expect({ ...data }).toEqual({ username: 'u', password: 'hunter2' });
    expect(`${inspect(data, { showHidden: true })} ${JSON.stringify(data)}`).not.toContain('hunter2');
  });

  it.each<[string, object, object]>([
    ['with all that Vault tells', full, { ttl: 5, rotationPeriod: 60, lastVaultRotation: '2030-01-01T00:00:00Z' }],
    [
      'that rotates by a schedule and has no period',
      { username: 'u', password: 'hunter2', ttl: 0 },
      { ttl: 0, rotationPeriod: 0, lastVaultRotation: '' },
    ],
    ['whose last rotation is no text', { ...full, last_vault_rotation: 5 }, { ttl: 5, rotationPeriod: 60, lastVaultRotation: '' }],
  ])('gives a static role %s, and shows no password', async (_, told, expected) => {
    const { data } = await engine(() => answer(told)).getStaticCredentials({
      name,
    });
    expect({ ...data }).toEqual({
      username: 'u',
      password: 'hunter2',
      ...expected,
    });
    expect(inspect(data, { showHidden: true })).not.toContain('hunter2');
  });

  it.each<[string, unknown]>([
    ['no user name', { password: 'hunter2', ttl: 5 }],
    ['no password', { username: 'u', ttl: 5 }],
    ['a user name that is a number', { ...full, username: 5 }],
    ['a password that is null', { ...full, password: null }],
    ['no fields', ['u', 'hunter2']],
  ])('is refused with %s', async (_, told) => {
    const database = engine(() => answer(told));
    for (const call of [calls.dynamic, calls.static]) {
      const error: unknown = await call(database).catch((failure: unknown) => failure);
      expect(error).toMatchObject({
        code: 'VAULT_RESPONSE_INVALID',
        message: 'The answer for the database role reader has no username and password. Check that the mount is a database secrets engine.',
      });
      expect(inspect(error)).not.toContain('hunter2');
    }
  });

  it.each(['ttl', 'rotation_period'])('is refused with a `%s` that is no time', async (field) => {
    for (const value of ['5', null, -1, Number.NaN, {}, 9_223_372_037]) {
      await expect(engine(() => answer({ ...full, [field]: value })).getStaticCredentials({ name })).rejects.toMatchObject({
        code: 'VAULT_RESPONSE_INVALID',
        message: expect.stringContaining(`has no usable ${field}: a number of seconds was expected`) as string,
      });
    }
  });
});

const refused = (...serverErrors: readonly string[]): VaultRequestError =>
  new VaultRequestError('no', {
    status: 400,
    serverErrors,
    request: { method: 'GET', path: 'database/creds/reader' },
  });

describe('A database role that does not exist', () => {
  it.each<[string, Error]>([
    ['404', new VaultNotFoundError('none', { status: 404 })],
    ['400, in the words for a dynamic role', refused('unknown role: reader')],
    ['400, in the words for a static role', refused('first', 'no static role found for role name: reader')],
  ])('is told as not found, whatever Vault answers: %s', async (_, error) => {
    for (const call of Object.values(calls)) {
      const database = engine(() => Promise.reject(error));
      await expect(call(database)).rejects.toMatchObject({
        code: 'VAULT_NOT_FOUND',
        cause: error,
      });
    }
  });

  it.each<[keyof typeof calls, string | undefined, string | undefined, string]>([
    ['dynamic', undefined, undefined, 'no dynamic database role reader at the mount database. Create database/roles/reader,'],
    ['static', undefined, undefined, 'no static database role reader at the mount database. Create database/static-roles/reader,'],
    ['rotated', 'ours', undefined, 'no static database role reader at the mount ours. Create ours/static-roles/reader,'],
    ['dynamic', 'ours', 'theirs', 'no dynamic database role reader at the mount theirs. Create theirs/roles/reader,'],
  ])('is named with its mount and with what to do: %s, %s, %s', async (kind, engineMount, mountPoint, words) => {
    const database = engine(() => Promise.reject(refused('unknown role: reader')), engineMount);
    await expect(calls[kind](database, mountPoint)).rejects.toMatchObject({
      message: expect.stringContaining(words) as string,
      status: 400,
      serverErrors: ['unknown role: reader'],
      request: { method: 'GET', path: 'database/creds/reader' },
    });
  });

  it.each<[string, Error]>([
    [
      'a role that may not be read',
      new VaultPermissionDeniedError('no', {
        status: 403,
        serverErrors: ['unknown role: reader'],
      }),
    ],
    ['another refusal', refused('the connection has an unknown role in it')],
    ['a refusal without words', new VaultRequestError('no', { status: 400 })],
    [
      'a failure of the server that has the same words',
      new VaultServerError('no', {
        status: 500,
        serverErrors: ['unknown role: reader'],
      }),
    ],
  ])('is not made of %s', async (_, error) => {
    for (const call of Object.values(calls)) await expect(call(engine(() => Promise.reject(error)))).rejects.toBe(error);
  });

  it('is not made of a Vault that is away', async () =>
    expect(engine(away).generateCredentials({ name })).rejects.toMatchObject({
      code: 'VAULT_UNREACHABLE',
    }));
});

describe('Leased credentials', () => {
  const revoke = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const lease = {
    remainingMs: () => 1_234.6,
    revoke,
  } as unknown as TrackedLease;
  const credentials = new LeasedDatabaseCredentials({ username: 'u', password: 'hunter2' }, lease);

  it('give user name, password and the time left', () => {
    expect([credentials.username, credentials.password, credentials.remainingMs()]).toEqual(['u', 'hunter2', 1_234.6]);
  });

  it('show whose they are and how long they live in whole milliseconds, and never the password', () => {
    const shown = { username: 'u', password: '[redacted]', remainingMs: 1_235 };
    expect(JSON.parse(JSON.stringify(credentials))).toEqual(shown);
    expect(inspect(credentials, { showHidden: true })).toBe(`LeasedDatabaseCredentials ${inspect(shown)}`);
  });

  it('are dropped by releasing them, which revokes their lease', async () => {
    await credentials.release();
    expect(revoke).toHaveBeenCalledTimes(1);
  });
});
