import { ExactNumber, isVaultError } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, contractServers, type ContractConnection } from './contract.context.js';

/** Each number as it is sent, and what the engines give back. */
const numbers: readonly { readonly sent: string; readonly v1: string; readonly v2: string }[] = [
  { sent: '9007199254740991', v1: '9007199254740991', v2: '9007199254740991' },
  { sent: '9007199254740993', v1: '9007199254740993', v2: '9007199254740992' },
  { sent: '18446744073709551615', v1: '18446744073709551615', v2: '18446744073709552000' },
  { sent: '0.12345678901234567890', v1: '0.12345678901234567890', v2: '0.12345678901234568' },
  { sent: '1.50', v1: '1.50', v2: '1.5' },
  { sent: '1E5', v1: '1E5', v2: '100000' },
  { sent: '1e-400', v1: '1e-400', v2: '0' },
];

describe.each(contractServers)('Numbers on %s', (name) => {
  let connection: ContractConnection;
  const [v1, v2] = ['numbers-kv1', 'numbers-kv2'];

  beforeAll(async () => {
    connection = await connect(name, { numbers: 'exact' });
    await connection.server.admin.provision({ kvMounts: { [v1]: { version: 1 }, [v2]: { version: 2 } } });
  });
  afterAll(() => connection.close());

  /** Bytes to the server and back, without a client that could round. */
  async function raw(path: string, body?: string): Promise<string> {
    const { address, token } = connection.server.access;
    const answer = await fetch(`${address}/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'X-Vault-Token': token },
      ...(body === undefined ? {} : { body }),
    });
    return answer.text();
  }

  const stored = async (path: string): Promise<string | undefined> => /"n":([^,}]*)/.exec(await raw(path))?.[1];

  it.each(numbers)('are kept as sent by KV version 1, and rounded to a double by version 2: $sent', async (number) => {
    await raw(`${v1}/n`, `{"n":${number.sent}}`);
    await raw(`${v2}/data/n`, `{"data":{"n":${number.sent}}}`);
    expect({ v1: await stored(`${v1}/n`), v2: await stored(`${v2}/data/n`) }).toEqual({ v1: number.v1, v2: number.v2 });
  });

  it('are refused by the server beyond a double', async () => expect(await raw(`${v1}/n`, '{"n":1e400}')).toContain('errors'));

  it.each(numbers)('are read with the value that the server has, and written back with it: $sent', async ({ sent }) => {
    await raw(`${v1}/n`, `{"n":${sent},"text":"${sent}"}`);
    const { data } = await connection.vault.secrets.kv.v1.readSecret({ path: 'n', mountPoint: v1 });
    await connection.vault.secrets.kv.v1.createOrUpdateSecret({ path: 'n', mountPoint: v1, secret: { ...data, b: 2 } });
    const written = await stored(`${v1}/n`);
    expect(typeof data['n'] === 'number' ? Number(written) : written).toBe(typeof data['n'] === 'number' ? Number(sent) : sent);
    expect(await raw(`${v1}/n`)).toContain(`"text":"${sent}"`);
  });

  it.each<[string, unknown]>([
    ['a bigint', 9_007_199_254_740_993n],
    ['an ExactNumber', new ExactNumber('0.12345678901234567890')],
  ])('are not given to KV version 2 where it would round them in silence: %s', async (_, n) => {
    const secret = { limits: [{ n }] };
    for (const write of ['createOrUpdateSecret', 'patch'] as const) {
      const error: unknown = await connection.vault.secrets.kv.v2[write]({ path: 'kept', mountPoint: v2, secret }).catch(
        (failure: unknown) => failure,
      );
      expect(isVaultError(error, 'VAULT_NUMBER_INEXACT') && error.field).toBe('limits.0.n');
    }
    await expect(connection.vault.secrets.kv.createOrUpdateSecret({ path: 'kept', mountPoint: v2, secret })).rejects.toMatchObject({
      code: 'VAULT_NUMBER_INEXACT',
    });
  });

  it('are given to KV version 2 as a bigint that a double holds', async () => {
    const { kv } = connection.vault.secrets;
    await kv.v2.createOrUpdateSecret({ path: 'held', mountPoint: v2, secret: { n: 9_007_199_254_740_992n, m: 5n } });
    expect(await raw(`${v2}/data/held`)).toContain('{"m":5,"n":9007199254740992}');
  });
});
