import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import type { VaultService } from '../../vault.service.js';
import { untyped } from '../answering-vault.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

describe('What reaches Vault', () => {
  it.each<[string, (vault: VaultService) => Promise<unknown>, string]>([
    ['no query', (vault) => vault.request({ method: 'GET', path: 'any', query: {} }), '/v1/any'],
    ['a query', (vault) => vault.request({ method: 'GET', path: 'any', query: { depth: 2, 'a&b': 'ü' } }), '/v1/any?depth=2&a%26b=%C3%BC'],
    [
      'a version and a depth',
      (vault) => vault.secrets.kv.v2.readSubkeys({ path: 'app', version: 3, depth: 1 }),
      '/v1/secret/subkeys/app?version=3&depth=1',
    ],
    ['a mount as Vault lists it', (vault) => vault.secrets.kv.v2.readConfiguration({ mountPoint: 'team/kv/' }), '/v1/team/kv/config'],
    ['the default mount of KV 1', (vault) => vault.secrets.kv.v1.readSecret({ path: 'app' }), '/v1/secret/app'],
    ['a named mount of KV 1', (vault) => vault.secrets.kv.v1.readSecret({ path: 'app', mountPoint: 'old' }), '/v1/old/app'],
  ])('asks with %s', async (_, ask, target) => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ subkeys: {}, metadata: {} })));
    await ask(vault);
    expect(requests.map((request) => request.target)).toEqual([target]);
  });

  it('takes null for no options', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({ data: { a: '1' }, metadata: { version: 1 } })));
    expect(await vault.getSecret('app', untyped(null))).toMatchObject({ a: '1' });
  });

  it('sends extra parameters whose names are also options of a call', async () => {
    const { vault, requests } = await rawVault(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    const extraParams = { schema: 'public', namespace: 'n', name: 'x', timeoutMs: 5, ttl: undefined };
    await vault.auth.userpass.createOrUpdateUser({ username: 'pip', namespace: 'team', extraParams });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ schema: 'public', namespace: 'n', name: 'x', timeout_ms: 5 });
  });
});

describe('The unseal keys', () => {
  it.each([
    ['gives no more unseal keys than the server needs', 2, ['a', 'b'], false],
    ['gives all of them to one that needs more', 4, ['a', 'b', 'c'], true],
    ['gives none to a server that is not sealed', 0, [], false],
  ])('%s', async (_, threshold, expected, sealed) => {
    const given: string[] = [];
    const { vault } = await rawVault(({ method, body }) => {
      if (method === 'POST') given.push((JSON.parse(body) as { key: string }).key);
      return httpAnswer(200, { sealed: given.length < threshold, progress: given.length });
    });
    const { data } = await vault.sys.submitUnsealKeys({ keys: ['a', 'b', 'c'] });
    expect(given).toEqual(expected);
    expect(data).toMatchObject({ sealed, progress: expected.length });
  });
});
