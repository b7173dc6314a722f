import { describe, expect, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { token } from '../../../auth/token/token.auth-method.js';
import { envelope, httpAnswer, RawServer } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { answering, answeringBody, failureOf } from '../answering-vault.fixture.js';

describe('A time or a count that cannot be', () => {
  it.each<[string, object]>([
    ['a token that is no text', { auth: { client_token: 5 } }],
    ['a TTL that is negative', { auth: { client_token: 't', lease_duration: -1 } }],
    ['a TTL that is text', { auth: { client_token: 't', lease_duration: '60' } }],
  ])('refuses a log-in with %s', async (_, fields) => {
    const vault = await answering(null, fields);
    const error = await failureOf(vault.auth.userpass.login({ username: 'pip', password: 'a-password' }));
    expect(error).toMatchObject({ code: 'VAULT_RESPONSE_INVALID', message: expect.stringMatching(/unexpected shape \(auth\./) as string });
  });

  const noSeconds = ['"60"', '"abc"', '-1', '1e300', '{}', '[60]', 'true'];

  it.each([...noSeconds, '1e999'])('refuses an envelope whose lease has the life %s', async (json) => {
    const vault = await answeringBody(
      JSON.stringify(envelope({ username: 'u', password: 'p' }, { lease_id: 'l' })).replace(
        '"lease_duration":0',
        `"lease_duration":${json}`,
      ),
    );
    expect(await failureOf(vault.getDatabaseCredentials('reader'))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('lease_duration') as string,
    });
  });

  it.each(['"3"', '-1', '1e999', '1.5', '{}'])('refuses a log-in whose token has %s uses', async (json) => {
    const vault = await answeringBody(
      JSON.stringify(envelope(null, { auth: { client_token: 't', num_uses: 0 } })).replace('"num_uses":0', `"num_uses":${json}`),
    );
    expect(await failureOf(vault.auth.userpass.login({ username: 'pip', password: 'a-password' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('auth.num_uses') as string,
    });
  });

  it.each(noSeconds)('refuses a static role whose password lives %s', async (json) => {
    const data = { username: 'u', password: 'p', ttl: 0, rotation_period: 5 };
    const vault = await answeringBody(JSON.stringify(envelope(data)).replace('"ttl":0', `"ttl":${json}`));
    expect(await failureOf(vault.secrets.database.getStaticCredentials({ name: 'app' }))).toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('ttl') as string,
    });
  });

  it.each(noSeconds)('asks once, and not in a loop, about a token whose TTL is said to be %s', async (json) => {
    const body = JSON.stringify(envelope({ ttl: 0, expire_time: null, accessor: 'a' })).replace('"ttl":0', `"ttl":${json}`);
    const server = await new RawServer(() => httpAnswer(200, body)).listen();
    const runtime = VaultRuntime.connect(resolveVaultOptions({ address: server.address, auth: token('s.given'), retry: false }));
    try {
      for (let call = 0; call < 20; call += 1)
        await expect(async () => runtime.session.current()).rejects.toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
      expect(server.requests).toHaveLength(1);
    } finally {
      await runtime.close();
      await server.close();
    }
  });

  it('takes a log-in without a TTL for one that does not expire', async () => {
    const vault = await answering(null, { auth: { client_token: 't' } });
    const { auth } = await vault.auth.userpass.login({ username: 'pip', password: 'a-password' });
    expect(auth).toMatchObject({ clientToken: 't', leaseDuration: 0 });
  });
});
