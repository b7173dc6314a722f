import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Environment } from './environment/environment-variables.js';
import { vaultOptionsSchema } from './resolve-options.js';

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
/** What the page says of VaultModule. */
export const section = /^## VaultModule$(.*?)^## /ms.exec(page)?.[1] ?? '';
/** The options that the page describes. */
export const described = new Map<string, Option>(
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

/** The options that exist, with their defaults. */
export const existing = new Map(optionsOf(z.toJSONSchema(vaultOptionsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema));
/** What every connection needs. */
export const base: Environment = { VAULT_ADDR: 'https://vault.test', VAULT_TOKEN: 'a-token' };

/** For each variable what it is set to, and what the option then is. */
export const effects: Readonly<Record<string, readonly [Environment, unknown]>> = {
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

export function valueAt(options: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], options);
}
