import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { vaultOptionsFromEnvironment } from './environment.js';
import type { Environment } from './environment-variables.js';
import { resolveVaultOptions, vaultOptionsSchema } from './resolve-options.js';

interface Option {
  /** undefined: none; `required`; or the value. */
  readonly default: unknown;
  readonly unit: string;
  readonly variables: readonly string[];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly default?: unknown;
}

const page = readFileSync(new URL('../../../../docs/reference/options.md', import.meta.url), 'utf8');
const section = /^## VaultModule$(.*?)^## /ms.exec(page)?.[1] ?? '';
const described = new Map<string, Option>(
  [...section.matchAll(/^\| `([\w.]+)` +\|([^|]*)\|([^|]*)\|([^|]*)\|[^|]+\|$/gm)].map(
    ([, name = '', value = '', unit = '', variables = '']) => [
      name,
      {
        default: defaultOf(value.trim()),
        unit: unit.trim(),
        variables: [...variables.matchAll(/`(\w+)`/g)].map(([, variable = '']) => variable),
      },
    ],
  ),
);

function defaultOf(cell: string): unknown {
  if (cell === '–') return undefined;
  if (cell === '**required**') return 'required';
  if (cell === 'on') return 'on';
  const code = /^`(.+)`$/.exec(cell)?.[1] ?? cell;
  const ratio = /^(\d+)\/(\d+)$/.exec(code);
  return ratio === null ? JSON.parse(code.replaceAll("'", '"')) : Number(ratio[1]) / Number(ratio[2]);
}

/** The options of the schema with their defaults; what can be switched off as a whole is `on`. */
function optionsOf(schema: JsonSchema, above = ''): [string, unknown][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): [string, unknown][] => {
    const path = `${above}${name}`;
    const inner = property.anyOf?.find(({ properties }) => properties !== undefined) ?? property;
    if (inner.properties === undefined) return [[path, schema.required?.includes(name) === true ? 'required' : property.default]];
    const switched: [string, unknown][] = property.anyOf === undefined ? [] : [[path, 'on']];
    return switched.concat(optionsOf(inner, `${path}.`));
  });
}

const existing = new Map(optionsOf(z.toJSONSchema(vaultOptionsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema));
const base: Environment = { VAULT_ADDR: 'https://vault.test', VAULT_TOKEN: 'a-token' };

/** Names that are asked for while the environment is read, without the twins and the `_FILE` variants of each. */
function variablesRead(environment: Environment): string[] {
  const names = new Set<string>();
  const recording = new Proxy(environment, { get: (target, name: string) => (names.add(name), target[name]) });
  vaultOptionsFromEnvironment(recording);
  return [...names].map((name) =>
    name
      .toUpperCase()
      .replace(/^BAO_/, 'VAULT_')
      .replace(/_FILE$/, ''),
  );
}

/** For each variable what it is set to, and what the option then is. */
const effects: Readonly<Record<string, readonly [Environment, unknown]>> = {
  VAULT_ADDR: [{ VAULT_ADDR: 'https://other.test' }, 'https://other.test'],
  VAULT_URL: [{ VAULT_ADDR: undefined, VAULT_URL: 'https://other.test' }, 'https://other.test'],
  VAULT_AUTH_METHOD: [{ VAULT_AUTH_METHOD: 'approle', VAULT_ROLE_ID: 'r' }, expect.objectContaining({ name: 'approle' })],
  VAULT_TOKEN: [{}, expect.objectContaining({ name: 'token' })],
  VAULT_ROLE_ID: [{ VAULT_ROLE_ID: 'r' }, expect.objectContaining({ name: 'approle' })],
  VAULT_SECRET_ID: [{ VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 's' }, expect.objectContaining({ name: 'approle' })],
  VAULT_NAMESPACE: [{ VAULT_NAMESPACE: 'team' }, 'team'],
  VAULT_CACERT: [{ VAULT_CACERT: '/ca.pem' }, '/ca.pem'],
  VAULT_CAPATH: [{ VAULT_CAPATH: '/ca' }, '/ca'],
  VAULT_CACERT_BYTES: [{ VAULT_CACERT_BYTES: 'PEM' }, 'PEM'],
  VAULT_CLIENT_CERT: [{ VAULT_CLIENT_CERT: '/cert.pem' }, '/cert.pem'],
  VAULT_CLIENT_KEY: [{ VAULT_CLIENT_KEY: '/key.pem' }, '/key.pem'],
  VAULT_TLS_SERVER_NAME: [{ VAULT_TLS_SERVER_NAME: 'vault' }, 'vault'],
  VAULT_SKIP_VERIFY: [{ VAULT_SKIP_VERIFY: 'true' }, true],
  VAULT_MAX_RETRIES: [{ VAULT_MAX_RETRIES: '4' }, 5],
  VAULT_CLIENT_TIMEOUT: [{ VAULT_CLIENT_TIMEOUT: '7' }, 7_000],
  VAULT_PROXY_ADDR: [{ VAULT_PROXY_ADDR: 'http://proxy.test' }, 'http://proxy.test'],
  VAULT_HTTP_PROXY: [{ VAULT_HTTP_PROXY: 'http://proxy.test' }, 'http://proxy.test'],
  HTTPS_PROXY: [{ HTTPS_PROXY: 'http://proxy.test' }, 'http://proxy.test'],
  NO_PROXY: [{ HTTPS_PROXY: 'http://proxy.test', NO_PROXY: '*' }, undefined],
};

function valueAt(options: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], options);
}

describe('docs/reference/options.md on VaultModule', () => {
  it('describes every option with the default that holds, and none that does not exist', () => {
    expect(Object.fromEntries([...described].map(([name, option]) => [name, option.default]))).toEqual(Object.fromEntries(existing));
  });

  it('names the unit that the name of the option ends in', () => {
    for (const [name, { unit }] of described) {
      const expected = name.endsWith('Ms') ? 'ms' : name.endsWith('Bytes') ? 'bytes' : /Fraction$|ratio$/.test(name) ? 'share' : '';
      expect(`${name} ${unit}`).toBe(`${name} ${expected}`);
    }
  });

  it('names every environment variable that is read, and none that is not', () => {
    const read = [
      base,
      { ...base, VAULT_ROLE_ID: 'r' },
      { VAULT_URL: 'https://vault.test', HTTPS_PROXY: 'http://p.test', VAULT_TOKEN: 't' },
    ];
    const names = new Set(read.flatMap(variablesRead));
    expect([...described.values()].flatMap(({ variables }) => variables).toSorted()).toEqual([...names].toSorted());
  });

  it.each([...described].flatMap(([name, { variables }]) => variables.map((variable) => [variable, name] as const)))(
    'says rightly that %s sets `%s`',
    (variable, name) => {
      const [environment, expected] = effects[variable] ?? [{}, 'described in this spec'];
      expect(valueAt(vaultOptionsFromEnvironment({ ...base, ...environment }), name)).toEqual(expected);
    },
  );

  it('says rightly that a variable can name a file, and that a BAO_* twin wins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-options-'));
    writeFileSync(join(folder, 'namespace'), 'from-file\n');
    expect(vaultOptionsFromEnvironment({ ...base, VAULT_NAMESPACE_FILE: join(folder, 'namespace') }).namespace).toBe('from-file');
    expect(vaultOptionsFromEnvironment({ ...base, VAULT_NAMESPACE: 'one', BAO_NAMESPACE: 'two' }).namespace).toBe('two');
    rmSync(folder, { recursive: true });
  });

  it('says rightly that `cache` and `retry` can be switched off', () => {
    const options = resolveVaultOptions({ ...vaultOptionsFromEnvironment(base), cache: false, retry: false });
    expect(options).toMatchObject({ cache: false, retry: { attempts: 1 } });
  });

  it('describes what is given where the module is declared', () => {
    const source = readFileSync(new URL('../nest/vault.module-definition.ts', import.meta.url), 'utf8');
    const extras = /interface VaultModuleExtras \{(.*?)^\}/ms.exec(source)?.[1] ?? '';
    const names = [...extras.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name);
    expect([...section.matchAll(/^\| `(\w+)` +\|[^|]+\|[^|]+\|$/gm)].map(([, name]) => name)).toEqual(names);
  });
});
