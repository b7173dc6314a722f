import { describe, expect, it } from 'vitest';
import { answer, away, ScriptedServer } from '../../client/interceptors/interceptor.fixture.js';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultResponseTooLargeError } from '../../errors/vault-response-too-large.error.js';
import { KvV2Engine } from './v2/kv-v2.engine.js';

const folders: Readonly<Record<string, readonly string[]>> = {
  'secret/metadata': ['app', 'team/'],
  'secret/metadata/team': ['db', 'deep/'],
};

function engine() {
  const server = new ScriptedServer(({ path }) => {
    const keys = folders[path];
    return keys === undefined ? Promise.reject(new VaultNotFoundError('none', { status: 404 })) : answer({ keys });
  });
  return { server, kv: new KvV2Engine(server.handle) };
}

/** A server with `pages`, or without; no answer has more than `fits` names. */
function large(keys: readonly string[], { pages = true, fits = Infinity } = {}) {
  const server = new ScriptedServer(({ query }) => {
    const { after = '', limit = Infinity } = pages ? (query ?? {}) : {};
    const page = keys.filter((key) => key > String(after)).slice(0, Number(limit));
    if (page.length > fits) return Promise.reject(new VaultResponseTooLargeError('too large'));
    return page.length === 0 ? Promise.reject(new VaultNotFoundError('none', { status: 404 })) : answer({ keys: page });
  });
  return { server, kv: new KvV2Engine(server.handle) };
}

describe('iterateSecrets', () => {
  it.each([
    ['everything', {}, ['app', 'team/db']],
    ['one folder', { path: 'team' }, ['team/db']],
    ['one folder, written as one', { path: 'team/' }, ['team/db']],
    ['the top only', { recursive: false }, ['app']],
    ['nothing where there is nothing', { path: 'none' }, []],
  ])('finds %s', async (_, walk, expected) => {
    const found: string[] = [];
    for await (const path of engine().kv.iterateSecrets(walk)) found.push(path);
    expect(found).toEqual(expected);
  });

  it('asks no further than its caller reads', async () => {
    const { kv, server } = engine();
    for await (const path of kv.iterateSecrets()) if (path === 'app') break;
    expect(server.requests).toHaveLength(1);
  });

  it('does not take a folder for empty because Vault is away', async () => {
    const { kv, server } = engine();
    server.reply = away;
    await expect(kv.iterateSecrets().next()).rejects.toMatchObject({ code: 'VAULT_UNREACHABLE' });
  });

  describe('in a large folder', () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `k${String(index).padStart(5, '0')}`);
    it.each<[string, number, { pages?: boolean; fits?: number }, number]>([
      ['takes all at once where it fits', 2_500, {}, 1],
      ['takes all at once from a server without pages', 2_500, { pages: false }, 1],
      ['asks for page after page where it does not fit', 2_500, { fits: 1_000 }, 4],
      ['asks once more where the last page is full', 2_000, { fits: 1_000 }, 4],
      ['takes smaller pages where one does not fit', 500, { fits: 250 }, 5],
    ])('%s: %i names', async (_, count, server, requests) => {
      const set = large(names.slice(0, count), server);
      const found: string[] = [];
      for await (const path of set.kv.iterateSecrets()) found.push(path);
      expect(found).toEqual(names.slice(0, count));
      expect(set.server.requests).toHaveLength(requests);
    });

    it('asks for no page without where it begins, so that a server that has none does not warn', async () => {
      const set = large(names);
      for await (const _ of set.kv.iterateSecrets());
      expect(set.server.requests.map(({ query }) => query?.['limit'])).toEqual([undefined]);
    });

    it('ends where a server gives the same page again', async () => {
      const server = new ScriptedServer(({ query }) =>
        query?.['limit'] === undefined
          ? Promise.reject(new VaultResponseTooLargeError('too large'))
          : answer({ keys: names.slice(0, 1_000) }),
      );
      const found: string[] = [];
      for await (const path of new KvV2Engine(server.handle).iterateSecrets()) found.push(path);
      expect(found).toHaveLength(1_000);
      expect(server.requests).toHaveLength(3);
    });

    it('gives up where not even one name fits', async () => {
      const { kv } = large(names, { fits: 0 });
      await expect(kv.iterateSecrets().next()).rejects.toMatchObject({ code: 'VAULT_RESPONSE_TOO_LARGE' });
    });
  });

  describe('with names that cannot be asked for', () => {
    const odd: Readonly<Record<string, readonly string[]>> = {
      'secret/metadata': ['a\\b', 'app', 'f\\g/', 'team/'],
      'secret/metadata/team': ['db'],
    };
    const kv = new KvV2Engine(new ScriptedServer(({ path }) => answer({ keys: odd[path] ?? [] })).handle);

    it('finds all others, and then says what is missing', async () => {
      const found: string[] = [];
      const walk = async (): Promise<void> => {
        for await (const path of kv.iterateSecrets()) found.push(path);
      };
      await expect(walk()).rejects.toMatchObject({ code: 'VAULT_PATH_INVALID', message: expect.stringContaining('"f\\\\g/"') as string });
      expect(found).toEqual(['app', 'team/db']);
    });

    it('gives them to onSkipped instead, if there is one', async () => {
      const [found, skipped]: [string[], string[]] = [[], []];
      for await (const path of kv.iterateSecrets({ onSkipped: (each) => void skipped.push(each) })) found.push(path);
      expect([found, skipped]).toEqual([
        ['app', 'team/db'],
        ['a\\b', 'f\\g/'],
      ]);
    });
  });
});
