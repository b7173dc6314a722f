import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { token } from '../../../auth/token/token.auth-method.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { VaultService } from '../../vault.service.js';

const page = readFileSync(new URL('../../../../../../docs/reference/hvac.md', import.meta.url), 'utf8');
const named = new Set([...page.matchAll(/`vault\.([\w.]+)\(\)`/g)].map(([, name = '']) => name));
const vault = new VaultService(VaultRuntime.connect(resolveVaultOptions({ address: 'http://127.0.0.1:1', auth: token('s.token') })));
const engines = [
  'secrets.kv',
  'secrets.kv.v1',
  'secrets.kv.v2',
  'secrets.database',
  'secrets.pki',
  'auth.token',
  'auth.approle',
  'auth.userpass',
  'sys',
];

const at = (path: string): unknown => path.split('.').reduce<unknown>((object, name) => (object as Record<string, unknown>)[name], vault);

function methodsOf(object: unknown): readonly string[] {
  const names: string[] = [];
  for (let each: unknown = Object.getPrototypeOf(object); each !== Object.prototype; each = Object.getPrototypeOf(each))
    names.push(...Object.getOwnPropertyNames(each).filter((name) => name !== 'constructor'));
  return names;
}

/** `readSecretVersion` as hvac writes it. */
const inHvac = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Calls of the seed documents: of hvac, and of the two libraries that they build on it. */
const seedCalls = [
  'hvac.Client(',
  'secrets.pki.generate_certificate(name, common_name, mount_point, extra_params)',
  'secrets.pki.read_certificate(',
  'auth.approle.login(',
  'secrets.kv.v2.read_secret_version(',
  'secrets.database.generate_credentials(',
  'secrets.database.get_static_credentials(',
  'client.kv.read(path, version)',
  'client.database.get_credentials(',
  'client.database.get_static_credentials(',
  'client.get_cache_stats(',
  'client.clear_cache(',
  'client.set_cache_ttl(',
  'client.get_secret(path, bypass_cache)',
  'client.get_database_credentials(',
  'cache.get(',
  'cache.set(',
  'cache.delete(',
];

describe('docs/reference/hvac.md', () => {
  it('names only methods that exist', () => {
    expect([...named].filter((name) => typeof at(name) !== 'function')).toEqual([]);
  });

  it.each(engines)('names every method of %s', (engine) => {
    expect(methodsOf(at(engine)).filter((method) => !named.has(`${engine}.${method}`))).toEqual([]);
  });

  it("gives each method hvac's own name, in camel case", () => {
    const rows = [...page.slice(page.indexOf('## Every method')).matchAll(/^\| `client\.([\w.]+)\(\)` +\| `vault\.([\w.]+)\(\)`/gm)];
    expect(rows.length).toBeGreaterThan(100);
    for (const [, hvac, ours = ''] of rows) expect(inHvac(ours)).toBe(hvac);
  });

  it.each(seedCalls)('maps what the seed documents call: %s', (call) => expect(page).toContain(call));
});
