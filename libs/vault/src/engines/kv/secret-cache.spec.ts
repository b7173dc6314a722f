import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answer, cacheSetUp, HandClock, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { KvEngine } from './kv.engine.js';
import { MountVersions } from './mount-versions.js';
import { SecretCache } from './secret-cache.js';

function setUp() {
  const { cache, clock } = cacheSetUp();
  const server = new ScriptedServer(({ path }) => {
    const metadata = {
      version: 1,
      created_time: '',
      deletion_time: '',
      destroyed: false,
      custom_metadata: null,
    };
    return answer(path.includes('/data/') ? { data: { from: 'vault' }, metadata } : { from: 'vault' }, { receivedAtMs: clock.nowMs() });
  });
  const versions = new MountVersions(server.handle, { clock });
  const kv = new KvEngine((request) => cache.intercept(request, server.handle), versions, 'secret');
  return {
    clock,
    server,
    versions,
    kv,
    secrets: new SecretCache(cache, versions, 'secret'),
  };
}

describe.each<[1 | 2]>([[1], [2]])('The cache of secrets, with an engine of version %i', (version) => {
  const known = () => {
    const all = setUp();
    all.versions.learn('secret', undefined, version);
    return all;
  };

  it('gives what was put in, and asks Vault for nothing', async () => {
    const { secrets, kv, server } = known();
    secrets.set('app', { from: 'test' });
    expect({ ...secrets.get('app') }).toEqual({ from: 'test' });
    expect({ ...(await kv.readSecret({ path: 'app' })).data }).toEqual({
      from: 'test',
    });
    expect(server.requests).toEqual([]);
  });

  it('gives what Vault told before', async () => {
    const { secrets, kv } = known();
    expect(secrets.get('app')).toBeUndefined();
    await kv.readSecret({ path: 'app' });
    expect({ ...secrets.get('app') }).toEqual({ from: 'vault' });
  });

  it('forgets one secret, or all', () => {
    const { secrets } = known();
    for (const path of ['a', 'b', 'c']) secrets.set(path, { path });
    secrets.delete('a');
    expect(['a', 'b', 'c'].map((path) => secrets.get(path)?.['path'])).toEqual([undefined, 'b', 'c']);
    secrets.clear();
    expect(['a', 'b', 'c'].map((path) => secrets.get(path))).toEqual([undefined, undefined, undefined]);
  });

  it('lets a secret serve for the time of the cache, or for its own', () => {
    const { secrets, clock } = known();
    secrets.set('usual', { a: 1 });
    secrets.set('short', { a: 1 }, { ttlMs: 10 });
    clock.advance(10);
    expect([secrets.get('usual'), secrets.get('short')].map((data) => data !== undefined)).toEqual([true, false]);
    clock.advance(990);
    expect(secrets.get('usual')).toBeUndefined();
  });

  it('keeps mounts and namespaces apart', () => {
    const { secrets } = known();
    secrets.set('app', { of: 'mount' }, { mountPoint: 'other' });
    secrets.set('app', { of: 'namespace' }, { namespace: 'team' });
    expect(secrets.get('app')).toBeUndefined();
    expect(secrets.get('app', { mountPoint: 'other/' })?.['of']).toBe('mount');
    expect(secrets.get('app', { namespace: 'team' })?.['of']).toBe('namespace');
  });

  it('holds data that nobody can change, and that shows itself nowhere', () => {
    const { secrets } = known();
    const given = { password: 'hunter2', list: ['hunter2'] };
    secrets.set('app', given);
    given.list.push('later');
    const data = secrets.get('app');
    expect(data?.['list']).toHaveLength(1);
    expect(Object.isFrozen(data)).toBe(true);
    expect(inspect(data, { depth: 9 })).not.toContain('hunter2');
  });
});

describe('The cache of secrets', () => {
  it('tells a version that was put in as that version', async () => {
    const { secrets, kv } = setUp();
    secrets.set('app', { a: 1 }, { version: 3 });
    secrets.set('app', { a: 2 });
    expect(await kv.readSecret({ path: 'app', version: 3 })).toMatchObject({
      version: 3,
      data: { a: 1 },
    });
    expect(await kv.readSecret({ path: 'app' })).toMatchObject({
      version: 0,
      data: { a: 2 },
    });
  });

  it('takes a mount of which nothing is known for one of version 2, as a read does', () => {
    const { secrets, versions } = setUp();
    secrets.set('app', { a: 1 });
    versions.learn('secret', undefined, 1);
    expect(secrets.get('app')).toBeUndefined();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as the time that a secret serves', (ttlMs) => {
    const { secrets } = setUp();
    expect(() => secrets.setTtl(ttlMs)).toThrow(
      expect.objectContaining({
        code: 'VAULT_CONFIGURATION_INVALID',
      }) as Error,
    );
  });
});

describe('What is known of mounts', () => {
  it('is forgotten as a whole before there are more than a thousand', async () => {
    const server = new ScriptedServer(() => answer({ type: 'kv', options: { version: '1' } }));
    const versions = new MountVersions(server.handle, {
      clock: new HandClock(),
    });
    for (let mount = 0; mount < 1_000; mount += 1) await versions.versionOf(`kv-${mount}`, {});
    expect(versions.known('kv-0')).toBe(1);
    await versions.versionOf('kv-1000', {});
    expect([versions.known('kv-0'), versions.known('kv-1000')]).toEqual([undefined, 1]);
  });

  it.each<[string, object]>([
    ['be wrapped', { wrapTtl: '60s' }],
    ['end with the caller who asks first', { signal: new AbortController().signal, timeoutMs: 5_000 }],
  ])('comes from a question that does not %s', async (_, call) => {
    const server = new ScriptedServer(() => answer({ type: 'kv', options: { version: '1' } }));
    const versions = new MountVersions(server.handle, {
      clock: new HandClock(),
    });
    expect(await versions.versionOf('kv', call)).toBe(1);
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      path: 'sys/internal/ui/mounts/kv',
    });
    for (const name of Object.keys(call)) expect(server.requests[0]?.[name as 'signal']).toBeUndefined();
  });

  it('is not asked for by a caller who has left already', async () => {
    const server = new ScriptedServer();
    const versions = new MountVersions(server.handle, {
      clock: new HandClock(),
    });
    await expect(versions.versionOf('kv', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'VAULT_ABORTED',
      message: expect.stringContaining('the version of the KV engine at kv') as string,
    });
    expect(server.requests).toEqual([]);
  });
});
