import { describe, expect, it } from 'vitest';
import { answer, away, HandClock, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { SystemClock } from '../../support/time/system-clock.js';
import { MountVersions } from './mount-versions.js';

describe('MountVersions', () => {
  it.each<[string, unknown, number]>([
    ['2', { type: 'kv', options: { version: '2' } }, 2],
    ['1', { type: 'kv', options: { version: '1' } }, 1],
    ['no version, as the first KV engines have none', { type: 'kv', options: null }, 1],
  ])('takes a mount that tells %s for what it is, and asks once', async (_, data, version) => {
    const server = new ScriptedServer(() => answer(data));
    const versions = new MountVersions(server.handle, { clock: new HandClock() });
    expect(versions.known('kv')).toBeUndefined();
    expect(await Promise.all([versions.versionOf('kv', {}), versions.versionOf('kv', {})])).toEqual([version, version]);
    expect(await versions.versionOf('kv', {})).toBe(version);
    expect(versions.known('kv')).toBe(version);
    expect(server.requests.map(({ path }) => path)).toEqual(['sys/internal/ui/mounts/kv']);
  });

  it.each<[string, () => ReturnType<ScriptedServer['handle']>]>([
    ['the policy does not allow it', () => Promise.reject(new VaultPermissionDeniedError('no', { status: 403 }))],
    ['there is no such endpoint', () => Promise.reject(new VaultNotFoundError('no', { status: 404 }))],
    ['the server does not understand', () => Promise.reject(new VaultRequestError('no', { status: 400 }))],
    ['the answer tells nothing', () => Promise.resolve(answer(null))],
  ])('supposes version 2 where it cannot ask because %s, and asks again a minute later', async (_, reply) => {
    const clock = new HandClock();
    const server = new ScriptedServer(reply);
    const versions = new MountVersions(server.handle, { clock });
    expect(await versions.versionOf('kv', {})).toBe(2);
    expect(versions.known('kv')).toBeUndefined();
    server.reply = () => answer({ type: 'kv', options: { version: '1' } });
    clock.advance(59_999);
    expect(await versions.versionOf('kv', {})).toBe(2);
    expect(server.requests).toHaveLength(1);
    clock.advance(1);
    expect(await versions.versionOf('kv', {})).toBe(1);
  });

  it('does not remember what it was told before the mounts changed', async () => {
    let tell!: (told: ReturnType<typeof answer>) => void;
    const server = new ScriptedServer(() => new Promise((resolve) => (tell = resolve)));
    const versions = new MountVersions(server.handle, { clock: new HandClock() });
    const before = versions.versionOf('kv', {});
    versions.clear();
    tell(answer({ type: 'kv', options: { version: '1' } }));
    expect(await before).toBe(1);
    expect(versions.known('kv')).toBeUndefined();
  });

  it('lets one who asks leave, and goes on for the others', async () => {
    let tell!: (told: ReturnType<typeof answer>) => void;
    const server = new ScriptedServer(() => new Promise((resolve) => (tell = resolve)));
    const versions = new MountVersions(server.handle, { clock: new SystemClock() });
    const leaving = new AbortController();
    const left = versions.versionOf('kv', { signal: leaving.signal });
    const late = versions.versionOf('kv', { timeoutMs: 10 });
    const stays = versions.versionOf('kv', {});
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
    await expect(late).rejects.toMatchObject({ code: 'VAULT_TIMEOUT' });
    tell(answer({ type: 'kv', options: { version: '2' } }));
    expect(await stays).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  it('supposes nothing while Vault is away', async () => {
    const versions = new MountVersions(new ScriptedServer(away).handle, { clock: new HandClock() });
    await expect(versions.versionOf('kv', {})).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });

  it.each<[string, string | undefined]>([
    ['it is named', ''],
    ['the client has another one by default', 'old'],
  ])('keeps namespaces apart when %s', async (_, namespace) => {
    const server = new ScriptedServer((request) =>
      answer({ type: 'kv', options: { version: (request.namespace ?? namespace) === 'old' ? '1' : '2' } }),
    );
    const versions = new MountVersions(server.handle, { clock: new HandClock(), namespace });
    expect(await versions.versionOf('kv', { namespace: 'old' })).toBe(1);
    expect(await versions.versionOf('kv', { namespace: '' })).toBe(2);
    expect(await versions.versionOf('kv', {})).toBe(namespace === 'old' ? 1 : 2);
    expect(server.requests).toHaveLength(2);
  });

  it.each(['old/', '/old'])('takes the namespace %s for the same, and the mount with a slash', async (namespace) => {
    const server = new ScriptedServer(() => answer({ type: 'kv', options: { version: '1' } }));
    const versions = new MountVersions(server.handle, { clock: new HandClock() });
    await versions.versionOf('kv/', { namespace });
    expect(versions.known('kv', 'old')).toBe(1);
  });
});
