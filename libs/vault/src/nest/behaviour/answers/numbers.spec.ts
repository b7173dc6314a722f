import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { httpAnswer } from '../../../client/raw-server.fixture.js';
import { camelDeep } from '../../../engines/engine-fields.js';
import { isVaultError } from '../../../errors/is-vault-error.js';
import { ExactNumber } from '../../../support/json/exact-number.js';
import { rawVault } from '../raw-vault.fixture.js';

const json = '{"id":9007199254740993,"nested":{"list":[1,0.12345678901234567890]},"huge":1e400,"text":"9007199254740993","n":1.50}';
const answer = (data: string): string =>
  `{"request_id":"r","lease_id":"","lease_duration":0,"renewable":false,"data":{"data":${data},"metadata":{"version":1}}}`;

describe('A secret with numbers that JavaScript would round', () => {
  it('is refused by default, with the field and without the number', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, answer(json)));
    const error: unknown = await vault.getSecret('app').catch((failure: unknown) => failure);
    expect(isVaultError(error, 'VAULT_NUMBER_INEXACT') && error.field).toBe('data.id');
    expect((error as Error).message).toMatch(/data\.id .*GET secret\/data\/app .*numbers: 'exact'/);
    expect(inspect(error)).not.toContain('9007');
  });

  it('is read when it only looks as if it had some', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, answer('{"text":"a: 9007199254740993, 1e400","n":1.500000000000000000}')));
    expect({ ...(await vault.getSecret('app')) }).toEqual({ text: 'a: 9007199254740993, 1e400', n: 1.5 });
  });

  it('is read exactly by option, shown to no logger, and written back as it was', async () => {
    const { vault, requests } = await rawVault(
      ({ method }) => httpAnswer(200, method === 'GET' ? answer(json) : answer('{}').replace('{"data":{},', '{"version":2,')),
      {
        numbers: 'exact',
      },
    );
    const secret = await vault.getSecret('app');
    expect(secret['id']).toBe(9_007_199_254_740_993n);
    expect(secret['huge']).toBeInstanceOf(ExactNumber);
    expect(String(secret['huge'])).toBe('1e400');
    expect(inspect(secret, { depth: 9 }) + JSON.stringify({ secret })).not.toMatch(/9007|1234/);
    await vault.secrets.kv.v1.createOrUpdateSecret({ path: 'app', secret: { ...secret } });
    expect(requests.at(-1)?.body).toBe(json.replace('1.50', '1.5'));
  });

  it('is whole after a schema, a change of names and a clone', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, answer(json)), { numbers: 'exact' });
    const huge = new ExactNumber('1e400');
    const checked = await vault.getSecret('app', { schema: z.object({ huge: z.instanceof(ExactNumber), id: z.bigint() }) });
    expect(checked).toMatchObject({ huge, id: 9_007_199_254_740_993n });
    expect(structuredClone(await vault.getSecret('app'))).toMatchObject({ huge: { text: '1e400' } });
    expect(camelDeep({ some_list: [{ huge }] })).toMatchObject({ someList: [{ huge }] });
  });

  it('refuses an envelope with such a number', async () => {
    const { vault } = await rawVault(() => httpAnswer(200, answer('{}').replace('"lease_duration":0', '"lease_duration":1e400')), {
      numbers: 'exact',
    });
    await expect(vault.getSecret('app')).rejects.toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
  });
});
