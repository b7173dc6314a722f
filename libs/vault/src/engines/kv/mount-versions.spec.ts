import { describe, expect, it } from 'vitest';
import { answer, away, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { MountVersions } from './mount-versions.js';

describe('MountVersions', () => {
  it.each<[string, unknown, number]>([
    ['2', { options: { version: '2' } }, 2],
    ['1', { options: { version: '1' } }, 1],
    ['no version, as the first KV engines have none', { options: null }, 1],
    ['nothing', null, 1],
  ])('takes a mount that tells %s for what it is, and asks once', async (_, data, version) => {
    const server = new ScriptedServer(() => answer(data));
    const versions = new MountVersions(server.handle);
    expect(versions.known('kv')).toBeUndefined();
    expect(await Promise.all([versions.versionOf('kv', {}), versions.versionOf('kv', {})])).toEqual([version, version]);
    expect(await versions.versionOf('kv', {})).toBe(version);
    expect(versions.known('kv')).toBe(version);
    expect(server.requests.map(({ path }) => path)).toEqual(['sys/internal/ui/mounts/kv']);
  });

  it.each<[string, Error]>([
    ['the policy does not allow it', new VaultPermissionDeniedError('no', { status: 403 })],
    ['there is no such endpoint', new VaultNotFoundError('no', { status: 404 })],
    ['the server does not understand', new VaultRequestError('no', { status: 400 })],
  ])('supposes version 2 where it may not ask because %s, and asks again later', async (_, error) => {
    const server = new ScriptedServer(() => Promise.reject(error));
    const versions = new MountVersions(server.handle);
    expect(await versions.versionOf('kv', {})).toBe(2);
    server.reply = () => answer({ options: { version: '1' } });
    expect(await versions.versionOf('kv', {})).toBe(1);
  });

  it('supposes nothing while Vault is away', async () => {
    const versions = new MountVersions(new ScriptedServer(away).handle);
    await expect(versions.versionOf('kv', {})).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });

  it('keeps namespaces apart', async () => {
    const server = new ScriptedServer((request) => answer({ options: { version: request.namespace === 'old' ? '1' : '2' } }));
    const versions = new MountVersions(server.handle);
    expect(await versions.versionOf('kv', { namespace: 'old' })).toBe(1);
    expect(await versions.versionOf('kv', {})).toBe(2);
  });
});
