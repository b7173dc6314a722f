import { execFileSync } from 'node:child_process';
import { spreadOf } from '../support/percentiles.js';
import { installedSize } from './installed-size.js';

const packages = ['@keyturn/vault', 'node-vault', 'node-vault-client', '@litehex/node-vault', 'hashi-vault-js'];
/** What a Nest application has loaded before it comes to its modules. */
const nest = ['reflect-metadata', '@nestjs/common', '@nestjs/core'];

export interface ImportCost {
  readonly package: string;
  /** Milliseconds of `import()` in a fresh process, median. */
  readonly importMs: number;
  /** The same in a process that has loaded Nest. */
  readonly inNestMs: number;
  /** The package and its dependencies, without peer dependencies. */
  readonly packages: number;
  readonly megabytes: number;
}

/** What it costs to import each package, in processes of their own, and to install it. */
export async function importCosts(runs: number): Promise<readonly ImportCost[]> {
  const costs: ImportCost[] = [];
  for (const name of packages) {
    const importMs = Math.round(importTime(name, [], runs));
    const inNestMs = Math.round(importTime(name, nest, runs));
    costs.push({ package: name, importMs, inNestMs, ...(await installedSize(name)) });
  }
  return costs;
}

function importTime(name: string, before: readonly string[], runs: number): number {
  const first = before.map((each) => `await import(${JSON.stringify(each)});`).join('');
  const program = `${first} const s = performance.now(); await import(${JSON.stringify(name)}); console.log(performance.now() - s)`;
  const times = Array.from({ length: runs }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })),
  );
  return spreadOf(times).median;
}
