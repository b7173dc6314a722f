import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';
import type { RawVaultRequest } from '../../../client/request/raw-request.js';

/** Whether the raw call, and the same one through the node-vault client, carried the session's token. */
async function carriedToken(method: RawVaultRequest['method'], path: string): Promise<readonly boolean[]> {
  const { vault, requests } = await rawVault(() => httpAnswer(200, envelope({ a: 1 })));
  await vault.request({ method, path, ...(method === 'GET' ? {} : { body: {} }) });
  await (method === 'GET' ? vault.nodeVault.read(path) : vault.nodeVault.write(path, {}));
  return requests.map(({ head }) => /^x-vault-token:/im.test(head));
}

describe('a raw call', () => {
  it.each([
    'auth/approle/login',
    'auth/teams/a/approle/login',
    'auth/userpass/login/pip',
    'auth/userpass/login/login',
    'auth/role/login',
    'auth/kubernetes/login',
  ])('that logs in carries no token: POST %s', async (path) => expect(await carriedToken('POST', path)).toEqual([false, false]));

  it.each<[RawVaultRequest['method'], string]>([
    ['POST', 'auth/approle/role/login'],
    ['POST', 'auth/userpass/users/login/password'],
    ['GET', 'auth/approle/role/login'],
    ['GET', 'auth/approle/login'],
    ['POST', 'auth/token/create'],
    ['POST', 'secret/login'],
    ['POST', 'login'],
  ])('that does not log in carries the token: %s %s', async (method, path) =>
    expect(await carriedToken(method, path)).toEqual([true, true]),
  );
});
