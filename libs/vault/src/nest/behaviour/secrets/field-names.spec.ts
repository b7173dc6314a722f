import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envelope, httpAnswer } from '../../../client/raw-server.fixture.js';
import type { VaultRequest } from '../../../client/request/vault-request.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import { rawVault } from '../raw-vault.fixture.js';

const data = { a: 1, toString: 'x', nested: { valueOf: 'y', list: [{ toString: 'z', constructor: 'c' }] } };
const secretOf = (fields: unknown): object => envelope({ data: fields, metadata: { version: 1, created_time: '' } });
const written = envelope({ version: 2 });

describe('VaultService with fields that are named like what hides them', () => {
  it('gives every field to a spread, which is written back whole', async () => {
    const { vault, requests } = await rawVault(({ method }) => httpAnswer(200, method === 'GET' ? secretOf(data) : written));
    const secret = await vault.getSecret('app');
    expect(Object.keys(secret)).toEqual(['a', 'toString', 'nested']);
    await vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: { ...secret, b: 2 } });
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({ data: { ...data, b: 2 } });
    await vault.secrets.kv.v1.createOrUpdateSecret({ path: 'app', secret });
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual(data);
    await vault.request({ method: 'POST', path: 'any', body: secret });
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual(data);
  });

  describe('and cannot be hidden', () => {
    const unredactable = { a: 1, nested: { toJSON: 'x', password: 'hunter2-secret' } };

    it('refuses to read them, says where, and shows no value', async () => {
      const { vault } = await rawVault(() => httpAnswer(200, secretOf(unredactable)));
      const error: unknown = await vault.getSecret('app').catch((failure: unknown) => failure);
      expect(isVaultError(error, 'VAULT_SECRET_UNREDACTABLE') && error.field).toBe('data.nested.toJSON');
      expect(inspect(error)).not.toContain('hunter2');
    });

    it('lets them be written', async () => {
      const { vault, requests } = await rawVault(() => httpAnswer(200, written));
      await vault.secrets.kv.v2.createOrUpdateSecret({ path: 'app', secret: unredactable });
      await vault.secrets.kv.v1.createOrUpdateSecret({ path: 'app', secret: unredactable });
      await vault.request({ method: 'POST', path: 'any', body: unredactable });
      expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ data: unredactable }, unredactable, unredactable]);
    });

    it('gives them to node-vault, whose bodies are plain, and takes them from there', async () => {
      const { vault, requests } = await rawVault(({ method }) => httpAnswer(200, method === 'GET' ? secretOf(unredactable) : written));
      const body = (await vault.nodeVault.read('secret/data/app')) as { data: { data: object } };
      expect(body.data.data).toEqual(unredactable);
      await vault.nodeVault.write('secret/data/app', { data: body.data.data });
      expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({ data: unredactable });
    });

    it('lets an interceptor read such a body by name, and fails whoever goes through its fields', async () => {
      const seen: VaultRequest[] = [];
      const { runtime } = await rawVault(() => httpAnswer(200, written));
      const { hideBodies } = await import('../../../client/call/hide-body.js');
      await hideBodies((request) => {
        seen.push(request);
        return runtime.send(request);
      })({ method: 'POST', path: 'any', body: unredactable });
      const nested = seen[0]?.body?.['nested'] as Record<string, unknown>;
      expect(nested['password']).toBe('hunter2-secret');
      expect(inspect(seen[0], { depth: 9, showHidden: true }) + JSON.stringify(seen[0]?.body)).not.toContain('hunter2');
      for (const goThrough of [() => ({ ...nested }), () => JSON.stringify(nested), () => Object.entries(nested)])
        expect(goThrough).toThrow(expect.objectContaining({ code: 'VAULT_SECRET_UNREDACTABLE' }) as Error);
    });
  });

  it('loses no field of an answer whose names become the same in camel case', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, envelope({ default_lease_ttl: 1, defaultLeaseTtl: 2, max_lease_ttl: 3 })));
    const { data: fields } = await vault.secrets.kv.v2.readConfiguration();
    expect({ ...fields }).toEqual({ default_lease_ttl: 1, defaultLeaseTtl: 2, maxLeaseTtl: 3 });
  });
});
