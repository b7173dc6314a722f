import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hideBodies } from '../../../client/call/hide-body.js';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import type { VaultRequest } from '../../../client/request/vault-request.js';
import { createEngines } from '../../../engines/secrets-engines.js';
import { MountVersions } from '../../../engines/kv/mount-versions.js';
import { LeasedDatabaseCredentials } from '../../../engines/database/leased-database-credentials.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import type { TrackedLease } from '../../../leases/tracked/tracked-lease.js';
import { SecretValue } from '../../../support/redaction/secret-value.js';
import { rawVault, type RawVault } from '../raw-vault.fixture.js';

/** An instance of a class of the application, such as a DTO or a configuration. */
class Settings {
  declare readonly smtp: unknown;

  constructor(fields: object) {
    Object.assign(this, fields);
  }
}

const stored = { password: 'hunter2-secret', list: [{ key: 'k-secret' }] };
const readable = (): Promise<RawVault> =>
  rawVault(({ method }) =>
    httpAnswer(200, method === 'GET' ? envelope({ data: stored, metadata: { version: 1, created_time: '' } }) : envelope({ version: 2 })),
  );

/** What Vault gets for the fields by each way to write them. */
async function writtenOf({ vault, requests }: RawVault, fields: object): Promise<readonly unknown[]> {
  await vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: fields as Record<string, unknown> });
  await vault.secrets.kv.v1.createOrUpdateSecret({ path: 'app', secret: fields as Record<string, unknown> });
  await vault.request({ method: 'POST', path: 'any', body: fields as Record<string, unknown> });
  await vault.nodeVault.write('any', fields);
  return requests.slice(-4).map(({ body }, index) => {
    const sent = JSON.parse(body) as { data?: unknown };
    return index === 0 ? sent.data : sent;
  });
}

describe('A body with an instance of a class', () => {
  it('is written with the secrets that are in its fields', async () => {
    const raw = await readable();
    const secret = await raw.vault.getSecret('app');
    const settings = new Settings({ smtp: secret, list: [new Settings({ smtp: secret['list'] })], token: new SecretValue('t-secret') });
    const whole = { smtp: stored, list: [{ smtp: stored.list }], token: 't-secret' };
    expect(await writtenOf(raw, { settings })).toEqual(Array.from({ length: 4 }, () => ({ settings: whole })));
    expect(await writtenOf(raw, settings)).toEqual(Array.from({ length: 4 }, () => whole));
  });

  it('is written as JSON has it where the class says so', async () => {
    const fields = { at: new Date(0), url: new URL('https://h/'), text: Object('boxed') as unknown, own: { toJSON: () => ({ a: 1 }) } };
    expect(await writtenOf(await readable(), new Settings(fields))).toEqual(
      Array.from({ length: 4 }, () => JSON.parse(JSON.stringify(fields)) as unknown),
    );
  });

  it('keeps its numbers exact, and is refused by name for one that is none', async () => {
    const { vault, requests } = await readable();
    await vault.request({ method: 'POST', path: 'any', body: { settings: new Settings({ id: 9_007_199_254_740_993n }) } });
    expect(requests.at(-1)?.body).toBe('{"settings":{"id":9007199254740993}}');
    await expect(vault.request({ method: 'POST', path: 'any', body: { settings: new Settings({ ratio: Number.NaN }) } })).rejects.toThrow(
      /its field settings\.ratio is NaN/,
    );
  });

  it('is refused where the class hides a value from JSON, which would be written as `[redacted]`', async () => {
    const { vault, requests } = await readable();
    const credentials = new LeasedDatabaseCredentials({ username: 'u', password: 'p-secret' }, { remainingMs: () => 1 } as TrackedLease);
    const response = await vault.secrets.kv.v2.readSecretVersion({ path: 'app' });
    const asked = requests.length;
    for (const hidden of [credentials, response]) {
      const error: unknown = await vault.secrets.kv.v2
        .createOrUpdateSecret({ path: 'app', secret: { hidden } })
        .catch((failure: unknown) => failure);
      expect(isVaultError(error, 'VAULT_REQUEST_INVALID')).toBe(true);
      expect(String(error)).toMatch(/LeasedDatabaseCredentials that hides its field password|VaultResponse that hides its field data/);
      expect(inspect(error)).not.toMatch(/p-secret|hunter2/);
    }
    expect(requests).toHaveLength(asked);
  });

  it('shows nothing to an interceptor that logs any part of it', async () => {
    const seen: VaultRequest[] = [];
    const { runtime } = await readable();
    const send = hideBodies((request) => {
      seen.push(request);
      return runtime.send(request);
    });
    const { secrets } = createEngines(send, new MountVersions(send, { clock: runtime.clock, namespace: undefined }), 'secret');
    const plain = { password: 'hunter2-secret', nested: new Settings({ smtp: 'hunter2-secret' }) };
    await secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: plain });
    await send({ method: 'POST', path: 'any', body: new Settings(plain) as unknown as Record<string, unknown> });
    const bodies = seen.map(({ body }) => body);
    expect(inspect([seen, bodies, bodies.map((body) => [body?.['data'], body?.['nested']])], { depth: 9 })).not.toContain('hunter2');
  });

  it('is not echoed by an error either', async () => {
    const { vault } = await rawVault(() => httpAnswer(400, { errors: ['cannot use "hunter2-secret" of postgres://u:hunter2-secret@h/'] }));
    const body = { settings: new Settings({ url: new URL('postgres://u:hunter2-secret@h/') }) };
    const error: unknown = await vault.request({ method: 'POST', path: 'any', body }).catch((failure: unknown) => failure);
    expect(String(error)).toContain('cannot use "[redacted]"');
    expect(inspect(error)).not.toContain('hunter2');
  });
});
