import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { revealSecret, type VaultResponse } from '@keyturn/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type ContractConnection } from './contract.context.js';
import { installHvac } from './hvac/install-hvac.js';
import { sharedCalls, type SharedCall } from './hvac/shared-calls.js';

const python = installHvac();
if ('missing' in python) process.stdout.write(`Contract: the comparison with hvac is left out. ${python.missing}\n`);

const page = readFileSync(new URL('../../docs/reference/hvac.md', import.meta.url), 'utf8');
const program = fileURLToPath(new URL('./hvac/hvac_calls.py', import.meta.url));

/** What differs between two runs of the same call: only its type is compared. */
const volatile =
  /time|expir|notBefore|serial|certificate|accessor|token$|^id$|uuid|secretId$|privateKey|issuingCa|caChain|keyId|issuerId|keyName|clusterId|^ttl$|requestId|leaseId|authorityKeyId|mountType/i;

const camel = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Field names in camel case all the way down, and the type alone where the value differs from run to run. */
function comparable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [camel(key), comparable(field, camel(key))]));
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)) return 'uuid';
  return volatile.test(name) && value !== '' && value !== null ? typeof value : value;
}

function placed(options: Readonly<Record<string, unknown>>, mount: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(options).replaceAll('$mount', mount)) as Record<string, unknown>;
}

/** Parameters of hvac are those of ours in snake_case; the data of a secret stays as it is. */
function inPython({ method, options, hvacOptions }: SharedCall, mount: string): object {
  const renamed = (fields: object, deep: boolean): object =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        snake(name),
        deep && name === 'extraParams' ? renamed(value as object, false) : (value as unknown),
      ]),
    );
  return { method: snake(method), options: { ...renamed(placed(options, mount), true), ...hvacOptions } };
}

describe.skipIf('missing' in python)("Python's hvac and this client on the same server", () => {
  let connection: ContractConnection;
  let theirs: { readonly missing: readonly string[]; readonly answers: readonly { readonly answer?: unknown; readonly failed?: string }[] };
  const ours: (VaultResponse | Error)[] = [];

  beforeAll(async () => {
    connection = await connect('OpenBao');
    const { address, token } = connection.server.access;
    const names = [...page.matchAll(/`client\.((?:secrets|auth|sys)[\w.]*)\(\)`/g)].map(([, name]) => name);
    const input = JSON.stringify({ address, token, names, calls: sharedCalls.map((call) => inPython(call, 'shared-python')) });
    theirs = JSON.parse('run' in python ? python.run(program, input) : '{}') as typeof theirs;
    for (const { method, options } of sharedCalls) ours.push(await callOurs(method, placed(options, 'shared-node')));
  });
  afterAll(() => connection.close());

  async function callOurs(method: string, options: Record<string, unknown>): Promise<VaultResponse | Error> {
    const path = method.split('.');
    const name = path.pop() ?? '';
    const engine = path.reduce<unknown>((object, part) => (object as Record<string, unknown>)[part], connection.vault);
    const call = (engine as Record<string, (given: object) => Promise<VaultResponse>>)[name];
    return call === undefined ? new Error(`there is no ${method}`) : call.call(engine, options).catch((error: Error) => error);
  }

  it('knows every method of the page under its name', () => expect(theirs.missing).toEqual([]));

  it('makes at least 30 calls', () => expect(sharedCalls.length).toBeGreaterThanOrEqual(30));

  it.each(sharedCalls.map(({ method }, index) => [index + 1, method] as const))('answers call %i alike: %s', (number) => {
    const own = ours[number - 1];
    const their = theirs.answers[number - 1];
    expect(own).not.toBeInstanceOf(Error);
    expect(their?.failed).toBeUndefined();
    const response = own as VaultResponse;
    const envelope = (their?.answer ?? {}) as Record<string, unknown>;
    const inEnvelope = 'request_id' in envelope;
    expect(comparable(revealSecret(response.data))).toEqual(comparable(inEnvelope ? envelope['data'] : (their?.answer ?? null)));
    expect(response.leaseDuration).toBe(envelope['lease_duration'] ?? 0);
    expect(response.renewable).toBe(envelope['renewable'] ?? false);
    expect(response.auth === null).toBe((envelope['auth'] ?? null) === null);
  });
});
