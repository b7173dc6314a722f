import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import type { VaultService } from '../../vault.service.js';
import { answering, answeringBody, failureOf } from '../answering-vault.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';

describe('A rate limit', () => {
  it.each<[string, string[], number | undefined]>([
    ['in seconds', ['Retry-After: 2'], 2_000],
    ['as a date that has passed', ['Retry-After: Wed, 21 Oct 2015 07:28:00 GMT'], 0],
    ['that makes no sense', ['Retry-After: soon'], undefined],
    ['of a negative number', ['Retry-After: -5'], undefined],
    ['of a fraction', ['Retry-After: 1.5'], undefined],
    ['twice', ['Retry-After: 2', 'Retry-After: 3'], undefined],
    ['not at all', [], undefined],
  ])('says how long to wait %s', async (_, headers, retryAfterMs) => {
    const { vault } = await rawVault(() => httpAnswer(429, { errors: ['slow down'] }, headers));
    const error = await failureOf(vault.getSecret('app'));
    expect(error).toMatchObject({ code: 'VAULT_RATE_LIMITED', status: 429, serverErrors: ['slow down'] });
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });
});

describe('A refusal of Vault', () => {
  it.each<[string, (vault: VaultService) => Promise<unknown>, string]>([
    ['a read', (vault) => vault.getSecret('app'), 'path "secret/data/app" { capabilities = ["read"] }'],
    ['a list', (vault) => vault.secrets.kv.v2.listSecrets(), 'path "secret/metadata" { capabilities = ["list"] }'],
    [
      'a write',
      (vault) => vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: {} }),
      'path "secret/data/app" { capabilities = ["create", "update"] }',
    ],
    ['a patch', (vault) => vault.secrets.kv.v2.patch({ path: 'app', secret: {} }), 'path "secret/data/app" { capabilities = ["patch"] }'],
    ['a call of its own', (vault) => vault.request({ method: 'HEAD', path: 'x' }), 'path "x" { capabilities = ["read"] }'],
  ])('names the policy line that would allow %s', async (_, call, line) => {
    const { vault } = await rawVault(({ method }) =>
      method === 'HEAD' ? 'HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n' : httpAnswer(403, { errors: ['permission denied'] }),
    );
    const error = await failureOf(call(vault));
    expect(error).toMatchObject({ code: 'VAULT_PERMISSION_DENIED', remedy: expect.stringContaining(line) as string });
  });

  it('tells the id of a request that failed, where the answer has one', async () => {
    const requestId = '0b5f1d4e-6f0a-4c4e-9a53-0d6f6f3c1a2b';
    const deleted = { data: null, metadata: { version: 3, deletion_time: 'now' } };
    const vault = await answeringBody(envelope(deleted, { request_id: requestId }), 404);
    expect(await failureOf(vault.getSecret('app'))).toMatchObject({ code: 'VAULT_SECRET_DELETED', requestId });
    expect(await failureOf((await answeringBody(envelope(deleted), 404)).getSecret('app'))).not.toHaveProperty('requestId');
    expect(await failureOf((await answeringBody({ errors: [] }, 403)).getSecret('app'))).not.toHaveProperty('requestId');
  });

  it("leaves Vault's own words in the refusal of a log-in", async () => {
    const vault = await answeringBody({ errors: ['none of the entities match'] }, 400);
    const error = await failureOf(vault.request({ method: 'POST', path: 'auth/approle/login', body: { role_id: 'any' } }));
    expect(String(error)).toContain('none of the entities match');
  });

  it.each(['a\u009b31m', 'a\u202eb', 'a\u200bb', 'a\u2028b'])('writes what %j would do to a terminal out', async (path) => {
    const shown = new RegExp(`\\\\u${path.charCodeAt(1).toString(16).padStart(4, '0')}`);
    const vault = await answering({});
    const refusing = await answeringBody({ errors: [path] }, 403);
    for (const call of [() => vault.getSecret(`${path}//`), () => vault.getSecret(path), () => refusing.getSecret(path)]) {
      const { message, remedy } = await failureOf(call());
      expect(message).toMatch(shown);
      expect(`${message} ${remedy}`).not.toContain(path[1]);
    }
  });

  it('shows no more of a long name than its beginning', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({})));
    const { message } = await failureOf(vault.getSecret(`${'n'.repeat(500)}/../x`));
    expect(message).toContain('nnn…');
    expect(message.length).toBeLessThan(400);
  });
});
