import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import type { VaultRequest } from '../request/vault-request.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { HandClock, ScriptedServer, answer, away, cacheSetUp, cachedRead } from './interceptor.fixture.js';

describe('CacheInterceptor', () => {
  describe('when an answer is known', () => {
    it('serves it until its TTL has passed', async () => {
      const { clock, server, ask } = cacheSetUp();
      const first = await ask();
      clock.advance(999);
      expect(await ask()).toBe(first);
      clock.advance(1);
      expect(await ask()).not.toBe(first);
      expect(server.requests).toHaveLength(2);
    });

    it('serves it for the time that the call names, when it names one', async () => {
      const { clock, server, ask } = cacheSetUp();
      await ask({ cacheTtlMs: 5_000 });
      clock.advance(4_999);
      await ask();
      expect(server.requests).toHaveLength(1);
      clock.advance(1);
      await ask();
      expect(server.requests).toHaveLength(2);
    });

    it('asks again with bypassCache and keeps the newer answer', async () => {
      const { server, ask } = cacheSetUp();
      await ask();
      const newer = await ask({ bypassCache: true });
      expect(await ask()).toBe(newer);
      expect(server.requests).toHaveLength(2);
    });

    it('keeps by the new TTL after setTtl', async () => {
      const { clock, server, cache, ask } = cacheSetUp();
      cache.setTtl(10);
      await ask();
      clock.advance(10);
      await ask();
      expect(server.requests).toHaveLength(2);
    });

    it('forgets it with clear and with forget', async () => {
      const { server, cache, ask } = cacheSetUp();
      await ask();
      cache.clear();
      await ask();
      cache.forget(cachedRead);
      await ask();
      expect(server.requests).toHaveLength(3);
    });

    it('drops the least recently used when it is full', async () => {
      const { server, cache, ask } = cacheSetUp({ maxEntries: 2 });
      for (const path of ['secret/data/a', 'secret/data/b', 'secret/data/a', 'secret/data/c', 'secret/data/a', 'secret/data/b'])
        await ask({ path });
      expect(server.requests.map(({ path }) => path.at(-1))).toEqual(['a', 'b', 'c', 'b']);
      expect(cache.stats()).toMatchObject({ entries: 2, evictions: 2, hits: 2, misses: 4 });
    });
  });

  it('does not drop what is recalled by name all the time, when it is full', async () => {
    const { clock, cache, ask } = cacheSetUp({ maxEntries: 2 });
    cache.setTtl(60_000);
    cache.keepValue('busy', await ask({ path: 'secret/data/busy' }), Promise.resolve('v'));
    await ask({ path: 'secret/data/idle' });
    clock.advance(2_000);
    expect(await cache.recall('busy')).toBe('v');
    await ask({ path: 'secret/data/new' });
    expect(await cache.recall('busy')).toBe('v');
    expect(cache.peek({ ...cachedRead, path: 'secret/data/idle' })).toBeUndefined();
  });

  it.each<[string, Partial<VaultRequest>]>([
    ['another namespace', { namespace: 'team' }],
    ['another version', { query: { version: 2 } }],
    ['another mount', { path: 'other/data/app' }],
    ['another path', { path: 'secret/data/app2' }],
  ])('keeps %s apart', async (_, difference) => {
    const { server, ask } = cacheSetUp();
    await ask();
    await ask(difference);
    expect(server.requests).toHaveLength(2);
  });

  it('takes a namespace that is named for the same as the default one', async () => {
    const { server, ask } = cacheSetUp({ namespace: 'team' });
    await ask();
    await ask({ namespace: 'team' });
    expect(server.requests).toHaveLength(1);
  });

  it('never serves an answer to another identity', async () => {
    let identity = 'alice';
    const { server, ask } = cacheSetUp({ identity: () => identity });
    await ask();
    identity = 'bob';
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Partial<VaultRequest>]>([
    ['what no engine marked as cacheable', { cacheable: undefined }],
    ['a wrapped answer', { wrapTtl: '60s' }],
  ])('does not keep %s', async (_, difference) => {
    const { server, ask } = cacheSetUp();
    await ask(difference);
    await ask(difference);
    expect(server.requests).toHaveLength(2);
  });

  it('does not keep leased data, even if it is marked as cacheable', async () => {
    const { server, ask } = cacheSetUp();
    server.reply = () => answer({}, { leaseId: 'database/creds/x/1', leaseDuration: 60 });
    await ask();
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  describe('when many ask at once', () => {
    it('makes one call for 1,000 readers', async () => {
      const { server, cache, ask } = cacheSetUp();
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask()));
      expect(new Set(answers).size).toBe(1);
      expect(server.requests).toHaveLength(1);
      expect(cache.stats().joined).toBe(999);
    });

    it('lets one reader leave without ending the call of the others', async () => {
      const { server, ask } = cacheSetUp();
      let release!: () => void;
      const gate = new Promise<void>((resolve) => (release = resolve));
      server.reply = async () => {
        await gate;
        return answer('done');
      };
      const leaving = new AbortController();
      const left = ask({ signal: leaving.signal });
      const stays = ask();
      leaving.abort();
      await expect(left).rejects.toMatchObject({ code: 'VAULT_ABORTED' });
      release();
      expect((await stays).data).toBe('done');
      expect(server.requests[0]?.signal).toBeUndefined();
    });

    it('gives a failure to everyone and keeps none of it', async () => {
      const { server, ask } = cacheSetUp();
      server.reply = () => Promise.reject(new VaultPermissionDeniedError('no'));
      const outcomes = await Promise.allSettled([ask(), ask()]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      server.reply = () => answer('yes');
      expect((await ask()).data).toBe('yes');
    });
  });

  describe('when the application writes', () => {
    it.each(['secret/data/app', 'secret/metadata/app', 'secret/delete/app', 'secret/destroy/app', 'secret/undelete/app'])(
      'forgets the secret after a write to %s',
      async (path) => {
        const { server, ask } = cacheSetUp();
        await ask();
        await ask({ method: 'POST', path, cacheable: undefined });
        await ask();
        expect(server.requests).toHaveLength(3);
      },
    );

    it('finds the resource below a mount of several segments', async () => {
      const { server, ask } = cacheSetUp();
      await ask({ path: 'team/a/kv/data/app' });
      await ask({ method: 'DELETE', path: 'team/a/kv/metadata/app', cacheable: undefined });
      await ask({ path: 'team/a/kv/data/app' });
      expect(server.requests).toHaveLength(3);
    });

    it('keeps other secrets', async () => {
      const { server, ask } = cacheSetUp();
      await ask();
      await ask({ method: 'POST', path: 'secret/data/app2' });
      await ask();
      expect(server.requests).toHaveLength(2);
    });

    it('forgets it after a failed write too: the state is unknown', async () => {
      const { server, ask } = cacheSetUp();
      await ask();
      server.reply = away;
      await ask({ method: 'POST' }).catch(() => undefined);
      server.reply = () => answer('new');
      expect((await ask()).data).toBe('new');
    });

    it('does not keep what a read brought that was under way during the write', async () => {
      const { server, ask } = cacheSetUp();
      let release!: () => void;
      const gate = new Promise<void>((resolve) => (release = resolve));
      server.reply = async (request) => {
        if (request.method === 'GET') await gate;
        return answer('old');
      };
      const slow = ask();
      await ask({ method: 'POST' });
      release();
      await slow;
      server.reply = () => answer('new');
      expect((await ask()).data).toBe('new');
    });

    it('lets a newer read alone when the one from before the write fails', async () => {
      const { server, ask } = cacheSetUp();
      const ends: (() => void)[] = [];
      server.reply = async (request, count) => {
        if (request.method !== 'GET') return answer('written');
        await new Promise<void>((resolve) => ends.push(resolve));
        return count === 1 ? away() : answer('new');
      };
      const old = ask();
      await ask({ method: 'POST' });
      const [newer, joining] = [ask(), ask()];
      ends[0]?.();
      await expect(old).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
      const late = ask();
      ends[1]?.();
      expect(await Promise.all([newer, joining, late].map(async (read) => (await read).data))).toEqual(['new', 'new', 'new']);
      expect(server.requests).toHaveLength(3);
    });

    it('keeps what a read of another secret brings that was under way', async () => {
      const { server, ask } = cacheSetUp();
      const other = ask({ path: 'secret/data/other' });
      await ask({ method: 'POST' });
      await other;
      await ask({ path: 'secret/data/other' });
      expect(server.requests.map(({ path }) => path)).toEqual(['secret/data/other', 'secret/data/app']);
    });

    it('forgets all versions that are left of a secret when one was dropped before', async () => {
      const { server, ask } = cacheSetUp({ maxEntries: 2 });
      for (const version of [1, 2, 3]) await ask({ query: { version } });
      await ask({ method: 'POST' });
      await ask({ query: { version: 3 } });
      expect(server.requests).toHaveLength(5);
    });

    it('forgets everything when a mount changes', async () => {
      const { server, ask } = cacheSetUp();
      await ask();
      await ask({ method: 'DELETE', path: 'sys/mounts/secret' });
      await ask();
      expect(server.requests).toHaveLength(3);
    });
  });

  it('keeps and shares nothing when it is switched off', async () => {
    const server = new ScriptedServer();
    const cache = new CacheInterceptor(false, { clock: new HandClock() });
    await cache.intercept(cachedRead, server.handle);
    await cache.intercept(cachedRead, server.handle);
    expect(server.requests).toHaveLength(2);
    expect(cache.recall('app')).toBeUndefined();
    expect(cache.stats()).toMatchObject({ hits: 0, entries: 0, hitRate: 0 });
  });
});
