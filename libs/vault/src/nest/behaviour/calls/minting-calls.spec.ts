import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import { rawVault } from '../raw-vault.fixture.js';
import type { RawVaultRequest } from '../../../client/request/raw-request.js';
import type { VaultService } from '../../vault.service.js';

const retry = { attempts: 3, initialDelayMs: 1, maxDelayMs: 1 };
const broken = httpAnswer(500, { errors: ['internal error'] });
const pageOfAProxy = httpAnswer(503, 'upstream timed out', ['Content-Type: text/plain']);
const sealed = httpAnswer(503, { errors: ['Vault is sealed'] });

/** How many requests the call took when each is answered so. */
async function requestsOf(call: (vault: VaultService) => Promise<unknown>, answer: string): Promise<number> {
  const { vault, requests } = await rawVault(() => answer, { retry });
  await expect(call(vault)).rejects.toMatchObject({ status: expect.any(Number) as number });
  return requests.length;
}

type NamedCall = [name: string, call: (vault: VaultService) => Promise<unknown>];

const raw = (path: string, method: RawVaultRequest['method'] = 'GET'): NamedCall => [
  `${method} ${path}`,
  (vault: VaultService) => vault.request({ method, path }),
];

describe('a call that makes something new on each try', () => {
  const minting: NamedCall[] = [
    ['generateCredentials', (vault) => vault.secrets.database.generateCredentials({ name: 'app' })],
    ['generateCertificate', (vault) => vault.secrets.pki.generateCertificate({ name: 'web', commonName: 'a.test' })],
    ['a wrapped renewLease', (vault) => vault.sys.renewLease({ leaseId: 'x', wrapTtl: '60s' })],
    ['a wrapped readSecretId', (vault) => vault.auth.approle.readSecretId({ roleName: 'r', secretId: 's', wrapTtl: '60s' })],
    ['a wrapped createOrUpdateApprole', (vault) => vault.auth.approle.createOrUpdateApprole({ roleName: 'r', wrapTtl: '60s' })],
    ['a wrapped lookup', (vault) => vault.auth.token.lookup({ token: 't', wrapTtl: '60s' })],
    ['a wrapped secret', (vault) => vault.secrets.kv.v2.readSecretVersion({ path: 'app', wrapTtl: '60s' })],
    ['a wrapped readRole', (vault) => vault.auth.approle.readRole({ roleName: 'r', wrapTtl: '60s' })],
    raw('database/creds/app'),
    raw('aws/sts/deploy'),
    raw('aws/creds/config'),
    raw('gcp/roleset/x/key'),
    raw('gcp/roleset/x/token'),
    raw('identity/oidc/token/app'),
    raw('auth/oidc/oidc/callback'),
    raw('engine-of-my-own/thing'),
    raw('pki/issue/web', 'POST'),
  ];

  it.each(minting)('is not repeated when the engine may have run: %s', async (_, call) => {
    expect(await requestsOf(call, broken)).toBe(1);
    expect(await requestsOf(call, pageOfAProxy)).toBe(1);
  });

  it.each(minting)('is repeated when Vault itself says that it did nothing: %s', async (_, call) => {
    expect(await requestsOf(call, sealed)).toBe(3);
  });
});

describe('a call that leaves the same state when it is made twice', () => {
  it.each<NamedCall>([
    ['getSecret', (vault) => vault.getSecret('team/creds')],
    ['renewLease', (vault) => vault.sys.renewLease({ leaseId: 'x' })],
    ['readRole of a role with a telling name', (vault) => vault.secrets.database.readRole({ name: 'creds' })],
  ])('is repeated: %s', async (_, call) => {
    expect(await requestsOf(call, broken)).toBe(3);
    expect(await requestsOf(call, pageOfAProxy)).toBe(3);
  });

  it.each(
    [
      'secret/data/app',
      'secret/metadata/app',
      'sys/mounts',
      'identity/entity/id/x',
      'cubbyhole/mine',
      'auth/token/accessors',
      'auth/approle/role/app',
      'database/roles/app',
      'database/config/main',
      'database/static-creds/app',
      'pki/cert/ca',
      'transit/keys/app',
    ].map((path) => raw(path)),
  )('is repeated: %s', async (_, call) => expect(await requestsOf(call, broken)).toBe(3));

  it.each(['LIST', 'DELETE'] as const)('is repeated: %s of anything', async (method) => {
    expect(await requestsOf((vault) => vault.request({ method, path: 'any/thing' }), broken)).toBe(3);
  });

  it('is repeated when the caller says so of an endpoint that Keyturn does not know', async () => {
    const { vault, requests } = await rawVault((_, count) => (count < 4 ? broken : httpAnswer(200, envelope({ a: 1 }))), { retry });
    expect((await vault.request({ method: 'GET', path: 'kv-of-version-1/app', mints: false })).data).toEqual({ a: 1 });
    expect(requests).toHaveLength(3);
  });
});
