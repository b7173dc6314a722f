import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer, type RawRequest } from '../../../client/raw-server.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

const cache = { ttlMs: 60_000 };

const kvAnswer = (value: string): string =>
  httpAnswer(
    200,
    envelope({
      data: { value },
      metadata: { version: 1, created_time: '2026-01-01T00:00:00Z', deletion_time: '', destroyed: false, custom_metadata: null },
    }),
  );

const notFound = httpAnswer(404, { errors: [] });

const refusals: [string, string, string][] = [
  ['gone', notFound, 'VAULT_NOT_FOUND'],
  ['deleted', httpAnswer(404, envelope({ data: null, metadata: { version: 2, destroyed: false } })), 'VAULT_SECRET_DELETED'],
  ['forbidden', httpAnswer(403, { errors: ['permission denied'] }), 'VAULT_PERMISSION_DENIED'],
];

describe('VaultService with a cache', () => {
  describe.each(refusals)('when Vault says that a cached secret is %s', (_, refusal, code) => {
    it('does not serve what it was before while Vault is away', async () => {
      let answer = kvAnswer('old');
      const { vault } = await rawVault(
        ({ socket }) => {
          if (answer === '') socket.destroy();
          return answer === '' ? undefined : answer;
        },
        { cache: { ttlMs: 1, staleIfUnavailableMs: 60_000 } },
      );
      const options = { cacheTtlMs: 0 };
      await vault.getSecret('app', options);
      answer = refusal;
      await expect(vault.getSecret('app', options)).rejects.toMatchObject({ code });
      answer = '';
      await expect(vault.getSecret('app', options)).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
    });

    it('does not serve it to the next reader either, although its time has not passed', async () => {
      let answer = kvAnswer('old');
      const { vault } = await rawVault(() => answer, { cache });
      await vault.getSecret('app');
      answer = refusal;
      await expect(vault.getSecret('app', { bypassCache: true })).rejects.toMatchObject({ code });
      await expect(vault.getSecret('app')).rejects.toMatchObject({ code });
    });
  });

  describe('when a read that was under way ends after a newer one that bypassed the cache', () => {
    it('keeps the newer', async () => {
      const reads: RawRequest[] = [];
      const { vault } = await rawVault(
        (request) => {
          if (!request.target.includes('/data/')) return notFound;
          reads.push(request);
          return reads.length === 1 ? undefined : kvAnswer('new');
        },
        { cache },
      );
      const older = vault.getSecret('app');
      await expect.poll(() => reads.length).toBe(1);
      await expect(vault.getSecret('app', { bypassCache: true })).resolves.toMatchObject({ value: 'new' });
      reads[0]?.socket.write(kvAnswer('old'));
      await expect(older).resolves.toMatchObject({ value: 'old' });
      await expect(vault.getSecret('app')).resolves.toMatchObject({ value: 'new' });
    });
  });

  describe.each([Number.NaN, -1, Infinity, '5000', null])('when it is given a TTL of %s', (given) => {
    const ttlMs = given as number;
    const refused = expect.objectContaining({ code: 'VAULT_CONFIGURATION_INVALID', setting: 'cache.ttlMs' }) as Error;

    it('refuses it for all secrets and for a single one', async () => {
      const { vault } = await rawVault(() => kvAnswer('v'), { cache });
      expect(() => vault.cache.setTtl(ttlMs)).toThrow(refused);
      expect(() => vault.cache.set('app', {}, { ttlMs })).toThrow(refused);
    });
  });

  it('refuses no TTL at all for all secrets', async () => {
    const { vault } = await rawVault(() => kvAnswer('v'), { cache });
    expect(() => vault.cache.setTtl(undefined as unknown as number)).toThrow(/milliseconds/);
  });
});
