import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveRotationOptions } from './resolve-rotation-options.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../docs/reference/options.md');
const section = page.slice(page.indexOf('## DatabaseModule'));
const rows = [...section.matchAll(/^\| `([\w.]+)` +\|([^|]*)\|([^|]*)\|[^|]+\|$/gm)].map(([, name = '', value = '', unit = '']) => ({
  name,
  value: value.trim(),
  unit: unit.trim(),
}));
const isRotation = ({ name }: { readonly name: string }): boolean => name.startsWith('rotation.');

/** Names that tables of three columns describe, one list a table. */
const shortTables = section
  .split('\n\n')
  .map((block) => [...block.matchAll(/^\| `(\w+)` +\|[^|]+\|[^|]+\|$/gm)].map(([, name]) => name))
  .filter((names) => names.length > 0);

function fieldsOf(source: string, name: string): (string | undefined)[] {
  const body = new RegExp(`interface ${name} .*?\\{(.*?)^\\}`, 'ms').exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field);
}

describe('docs/reference/options.md on DatabaseModule', () => {
  it('describes every rotation option with the default that holds, and none that does not exist', () => {
    const fixed = Object.entries(resolveRotationOptions()).map(([name, value]) => [`rotation.${name}`, value]);
    // What the pool decides is told in words.
    const documented = rows.filter(isRotation).map(({ name, value }) => {
      const code = /^`([\d.]+|'.*')`$/.exec(value)?.[1];
      return [name, code === undefined ? undefined : JSON.parse(code.replaceAll("'", '"'))];
    });
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(fixed));
    for (const { value } of rows) expect(value).not.toBe('');
  });

  it('names the unit that the name of the option ends in', () => {
    for (const { name, unit } of rows) {
      const expected = name.endsWith('Ms') ? 'ms' : /Fraction$|jitter$/.test(name) ? 'share' : '';
      expect(`${name} ${unit}`).toBe(`${name} ${expected}`);
    }
  });

  it('describes the options of the module and of the roles, and none that does not exist', () => {
    const module = read('../nest/database-module.options.ts');
    const roles = [read('../credentials/roles/role-options.ts'), read('../credentials/roles/static-role.ts')];
    const groups = new Set(rows.map(({ name }) => name.split('.')[0]));
    expect([...groups]).toEqual(fieldsOf(module, 'DatabaseModuleOptions'));
    expect(shortTables).toEqual([
      fieldsOf(module, 'DatabaseModuleExtras'),
      [...fieldsOf(roles[0] ?? '', 'RoleOptions'), ...fieldsOf(roles[1] ?? '', 'StaticRoleOptions')],
    ]);
  });
});
