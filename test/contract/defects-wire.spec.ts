import type { IncomingMessage } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { appRole, isVaultError, token } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { listen, services, start } from './defects.context.js';

/** Defects that Node clients for Vault were seen with, each with the test that this one has it not. */
describe('Defects of other clients on the wire', () => {
  it('a redirect to another host that carries the token', async () => {
    const thief = await listen(() => ({ status: 200, body: '{}' }));
    const server = await listen(() => ({ status: 307, body: '', headers: { Location: `${thief.address}/v1/secret/data/app` } }));
    const vault = await start({ address: server.address, retry: false });
    await expect(vault.getSecret('app')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_REQUEST_INVALID'));
    expect(thief.requests).toHaveLength(0);
  });

  it('a redirect on the same host that is not followed', async () => {
    const data = '{"request_id":"r","data":{"data":{"a":"1"},"metadata":{"version":1}}}';
    const server = await listen(({ url }) =>
      url === '/v1/moved/here' ? { status: 200, body: data } : { status: 307, body: '', headers: { Location: '/v1/moved/here' } },
    );
    expect(await (await start({ address: server.address })).getSecret('app')).toMatchObject({ a: '1' });
  });

  it('the token sent to a proxy in clear', async () => {
    const { address } = services.openbao;
    await expect(start({ address: address.replace('https:', 'http:'), http: { proxy: 'http://127.0.0.1:1' } })).rejects.toSatisfy((error) =>
      isVaultError(error, 'VAULT_CONFIGURATION_INVALID'),
    );
    let passed = '';
    const proxy = await listen(() => ({ status: 500, body: '' }));
    proxy.server.on('connect', (request, client) => {
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = connectSocket(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      client.on('data', (chunk: Buffer) => (passed += chunk.toString('latin1')));
      client
        .on('error', () => upstream.destroy())
        .pipe(upstream)
        .on('error', () => client.destroy())
        .pipe(client);
      passed += JSON.stringify(request.headers);
    });
    const vault = await start({ http: { proxy: proxy.address } });
    expect(await vault.getSecret('app')).toMatchObject({ password: 'hunter2-secret' });
    expect(passed.length).toBeGreaterThan(500);
    expect(passed).not.toContain(services.openbao.rootToken);
    expect(proxy.requests).toHaveLength(0);
  });

  it('an ambient VAULT_TOKEN or session token sent on a log-in', async () => {
    const server = await listen(() => ({
      status: 200,
      body: '{"request_id":"r","auth":{"client_token":"new-token","lease_duration":60}}',
    }));
    const vault = await start({ address: server.address, auth: token('ambient-token') });
    await vault.auth.approle.login({ roleId: 'r', secretId: 's' });
    await vault.nodeVault.approleLogin({ role_id: 'r', secret_id: 's' });
    const logins = server.requests.filter(({ url }) => url?.endsWith('/login'));
    expect(logins).toHaveLength(2);
    expect(logins.map(({ headers }) => headers['x-vault-token'])).toEqual([undefined, undefined]);
  });

  it('a log-in loop without delay, and callers who hang after it failed', async () => {
    let logins = 0;
    const server = await listen(({ url }) => {
      if (url?.endsWith('/login') !== true) return { status: 403, body: '{"errors":["permission denied"]}' };
      logins += 1;
      return logins === 1
        ? { status: 200, body: '{"request_id":"r","auth":{"client_token":"t","lease_duration":60}}' }
        : { status: 400, body: '{"errors":["invalid secret id"]}' };
    });
    server.server.removeAllListeners('request').on('request', (request: IncomingMessage, response) => {
      const login = request.url?.endsWith('/login') === true;
      if (login) logins += 1;
      const first = login && logins === 1;
      const body = first ? '{"request_id":"r","auth":{"client_token":"t","lease_duration":60}}' : '{"errors":["permission denied"]}';
      response.writeHead(first ? 200 : login ? 400 : 403).end(body);
    });
    const vault = await start({ address: server.address, auth: appRole({ roleId: 'r', secretId: 'wrong' }), retry: false, cache: false });
    const before = logins;
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, index) => vault.getSecret(`app-${index}`)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(logins - before).toBeLessThanOrEqual(2);
  });

  it('one log-in for all whose token was revoked, and one replay', async () => {
    const credentials = await services.openbao.approle('app');
    let logins = 0;
    let own = '';
    const vault = await start({
      auth: appRole(credentials),
      cache: false,
      interceptors: [
        {
          before: 'observe',
          use: {
            intercept: async (request, next) => {
              if (request.path.endsWith('/login')) logins += 1;
              const response = await next(request);
              own = response.auth?.clientToken ?? own;
              return response;
            },
          },
        },
      ],
    });
    await services.openbao.api('POST', 'auth/token/revoke', { token: own });
    const read = await Promise.all(Array.from({ length: 50 }, () => vault.getSecret('app')));
    expect(read).toHaveLength(50);
    expect(logins).toBe(2);
  });

  it('any path with sys/health in it treated as success', async () => {
    const health = '{"initialized":true,"sealed":true,"standby":true}';
    const server = await listen(({ url }) => ({ status: 503, body: url === '/v1/sys/health' ? health : '{"errors":["sealed"]}' }));
    const vault = await start({ address: server.address, retry: false });
    await expect(vault.getSecret('sys/health')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_SEALED'));
    await expect(vault.nodeVault.read('secret/data/sys/health')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_SEALED'));
    expect((await vault.sys.readHealthStatus()).status).toBe(503);
  });

  it('an HTML 200 from a proxy accepted as data', async () => {
    const server = await listen(() => ({ status: 200, body: '<html>Sign in</html>', headers: { 'Content-Type': 'text/html' } }));
    const vault = await start({ address: server.address, retry: false });
    await expect(vault.getSecret('app')).rejects.toSatisfy((error) => isVaultError(error, 'VAULT_RESPONSE_INVALID'));
  });

  it('202 treated as an error', async () => {
    const server = await listen(() => ({ status: 202, body: '{"request_id":"r","data":null,"warnings":["started"]}' }));
    const vault = await start({ address: server.address });
    const warnings: string[] = [];
    vault.events.exchanges.subscribe((exchange) => warnings.push(...exchange.warnings));
    expect((await vault.secrets.pki.tidy()).status).toBe(202);
    expect(warnings).toEqual(['started']);
  });

  it('one namespace shared by concurrent calls', async () => {
    await services.openbao.api('POST', 'sys/namespaces/team', {});
    const vault = await start({ cache: false });
    await vault.sys.enableSecretsEngine({ backendType: 'kv', path: 'secret', options: { version: '2' }, namespace: 'team' });
    await expect
      .poll(() =>
        vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: { password: 'of-team' }, namespace: 'team' }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const namespaces = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'team' : ''));
    const read = await Promise.all(namespaces.map((namespace) => vault.getSecret('app', { namespace })));
    expect(read.map((secret) => secret['password'])).toEqual(
      namespaces.map((namespace) => (namespace === '' ? 'hunter2-secret' : 'of-team')),
    );
  });

  it('a namespace missing on lookup, renewal or log-in', async () => {
    const server = await listen(() => ({
      status: 200,
      body: '{"request_id":"r","auth":{"client_token":"t","lease_duration":60,"renewable":true}}',
    }));
    const vault = await start({ address: server.address, auth: appRole({ roleId: 'r', secretId: 's' }), namespace: 'team' });
    await vault.auth.token.renewSelf();
    await vault.auth.token.lookupSelf();
    await vault.nodeVault.tokenLookupSelf();
    expect(server.requests.map(({ headers }) => headers['x-vault-namespace'])).toEqual(server.requests.map(() => 'team'));
    expect(server.requests.length).toBeGreaterThanOrEqual(4);
  });
});
