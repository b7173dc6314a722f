import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import { answeringBody, failureOf, untyped } from '../answering-vault.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

describe('A call whose answer is to be wrapped', () => {
  it.each<[string, object]>([
    ['that is plain', envelope({ data: { a: 'plain-secret' }, metadata: { version: 1 } })],
    ['whose wrapping token is missing', envelope(null, { wrap_info: { ttl: 60 } })],
  ])('refuses and hands out no answer %s where a wrapped one was asked for', async (_, answer) => {
    const vault = await answeringBody(answer);
    for (const call of [
      () => vault.secrets.kv.v2.readSecretVersion({ path: 'app', wrapTtl: '60s' }),
      () => vault.request({ method: 'GET', path: 'any', wrapTtl: '60s' }),
    ]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'VAULT_RESPONSE_INVALID', message: expect.stringContaining('not wrapped') as string });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('plain-secret');
    }
  });

  it('takes a write that was to be wrapped and has no answer to wrap', async () => {
    const { vault } = await rawVault(() => 'HTTP/1.1 204 No Content\r\n\r\n');
    expect(await vault.secrets.kv.v2.deleteMetadataAndAllVersions({ path: 'a', wrapTtl: '60s' })).toMatchObject({
      status: 204,
      wrapInfo: null,
    });
  });

  it('reads a secret unwrapped, whatever an untyped caller asks for', async () => {
    const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ data: { a: '1' }, metadata: { version: 1 } })));
    expect(await vault.getSecret('app', untyped({ wrapTtl: '60s' }))).toMatchObject({ a: '1' });
    expect(requests.map(({ head }) => head.toLowerCase().includes('x-vault-wrap-ttl'))).not.toContain(true);
  });
});
