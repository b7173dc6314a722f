import { describe, expect, it } from 'vitest';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import type { VaultRequest } from '../request/vault-request.js';
import { away, cacheSetUp } from './interceptor.fixture.js';

describe('CacheInterceptor', () => {
  describe('when Vault is away', () => {
    it('fails without staleIfUnavailable', async () => {
      const { clock, server, ask } = cacheSetUp();
      await ask();
      clock.advance(1_000);
      server.reply = away;
      await expect(ask()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    });

    it('serves the known answer marked as stale, and asks again only after a pause', async () => {
      const { clock, server, cache, ask } = cacheSetUp({ staleIfUnavailableMs: 10_000 });
      const fresh = await ask();
      expect(fresh.stale).toBe(false);
      clock.advance(1_000);
      server.reply = away;
      const stale = await ask();
      expect(stale).toMatchObject({ stale: true, data: fresh.data });
      expect(await ask()).toBe(stale);
      expect(server.requests).toHaveLength(2);
      clock.advance(1_000);
      await ask();
      expect(server.requests).toHaveLength(3);
      expect(cache.stats().staleServed).toBe(3);
    });

    it('ends it when the time for stale answers has passed', async () => {
      const { clock, server, ask } = cacheSetUp({ staleIfUnavailableMs: 10_000 });
      await ask();
      clock.advance(11_000);
      server.reply = away;
      await expect(ask()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    });

    it.each<[string, Partial<VaultRequest>]>([
      ['refuses stale answers', { allowStale: false }],
      ['bypasses the cache', { bypassCache: true }],
    ])('fails for a caller who %s', async (_, difference) => {
      const { clock, server, ask } = cacheSetUp({ staleIfUnavailableMs: 10_000 });
      await ask();
      clock.advance(1_000);
      server.reply = away;
      await expect(ask(difference)).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    });

    it('does not hide a refusal behind a stale answer', async () => {
      const { clock, server, ask } = cacheSetUp({ staleIfUnavailableMs: 10_000 });
      await ask();
      clock.advance(1_000);
      server.reply = () => Promise.reject(new VaultPermissionDeniedError('no', { status: 403 }));
      await expect(ask()).rejects.toMatchObject({ code: 'VAULT_PERMISSION_DENIED' });
    });
  });

  describe('values kept by name', () => {
    it('are recalled while their answer is fresh', async () => {
      const { clock, cache, ask } = cacheSetUp();
      const value = Promise.resolve('v');
      cache.keepValue('app', await ask(), value);
      expect(cache.recall('app')).toBe(value);
      clock.advance(1_000);
      expect(cache.recall('app')).toBeUndefined();
    });

    it.each<[string, (set: ReturnType<typeof cacheSetUp>) => unknown]>([
      ['is written', ({ ask }) => ask({ method: 'POST' })],
      ['is evicted', async ({ ask }) => ask({ path: 'secret/data/b' })],
      ['is cleared', ({ cache }) => cache.clear()],
      ['is refreshed', ({ ask }) => ask({ bypassCache: true })],
    ])('go when their answer %s', async (_, happen) => {
      const set = cacheSetUp({ maxEntries: 1 });
      set.cache.keepValue('app', await set.ask(), Promise.resolve('v'));
      await happen(set);
      expect(set.cache.recall('app')).toBeUndefined();
    });
  });
});
