import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vaultOptionsFromEnvironment } from './environment/environment.js';
import type { Environment } from './environment/environment-variables.js';
import { base, described, effects, existing, section, valueAt } from './options-page.fixture.js';
import { resolveVaultOptions } from './resolve-options.js';

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

  it('names every variable that the source reads, also those of no environment above', () => {
    const source = readFileSync(new URL('environment/environment.ts', import.meta.url), 'utf8');
    const names = Array.from(source.matchAll(/(?<!setting: |missing\()'([A-Z][A-Z_]+)'/g), ([, name = '']) =>
      name.replace(/^(VAULT_)?/, 'VAULT_'),
    );
    const known = new Set([...described.values()].flatMap(({ variables }) => variables));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
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
