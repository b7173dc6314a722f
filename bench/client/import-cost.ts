import { execFileSync } from 'node:child_process';
import { spreadOf } from '../support/percentiles.js';

const packages = ['@keyturn/vault', 'node-vault', 'node-vault-client', '@litehex/node-vault', 'hashi-vault-js'];

export interface ImportCost {
  readonly package: string;
  /** Milliseconds of `import()` in a fresh process, median. */
  readonly importMs: number;
}

/** What it costs to import each package, in processes of their own. */
export function importCosts(runs: number): readonly ImportCost[] {
  return packages.map((name) => {
    const program = `const s = performance.now(); await import(${JSON.stringify(name)}); console.log(performance.now() - s)`;
    const times = Array.from({ length: runs }, () =>
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })),
    );
    return { package: name, importMs: spreadOf(times).median };
  });
}
