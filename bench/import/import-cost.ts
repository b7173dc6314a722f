import { execFileSync } from 'node:child_process';
import { spreadOf, type Spread } from '../support/percentiles.js';
import { installedSize } from './installed-size.js';

/** The package that the others are compared with. */
const reference = 'node-vault';
const packages = ['@keyturn/vault', reference, 'node-vault-client', '@litehex/node-vault', 'hashi-vault-js'];
/** What a Nest application has loaded before it comes to its modules. */
const nest = ['reflect-metadata', '@nestjs/common', '@nestjs/core'];

export interface ImportCost {
  readonly package: string;
  /** Milliseconds of processor time of `import()` in a fresh process, median. */
  readonly importMs: number;
  /** The same in a process that has loaded Nest. */
  readonly inNestMs: number;
  /** `inNestMs` relative to that of node-vault in the same round. */
  readonly costRatio: Spread;
  /** The package and its dependencies, without peer dependencies. */
  readonly packages: number;
  readonly megabytes: number;
}

/** What it costs to import each package, each in processes of its own and in turns, and to install it. */
export async function importCosts(rounds: number): Promise<readonly ImportCost[]> {
  const alone = new Map<string, number[]>(packages.map((name) => [name, []]));
  const inNest = new Map<string, number[]>(packages.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of packages) {
      alone.get(name)?.push(importTime(name, []));
      inNest.get(name)?.push(importTime(name, nest));
    }
  }
  const costs: ImportCost[] = [];
  for (const name of packages) {
    const [own, other] = [inNest.get(name) ?? [], inNest.get(reference) ?? []];
    costs.push({
      package: name,
      importMs: Math.round(spreadOf(alone.get(name) ?? []).median),
      inNestMs: Math.round(spreadOf(own).median),
      costRatio: spreadOf(own.map((ms, round) => ms / (other[round] ?? 1))),
      ...(await installedSize(name)),
    });
  }
  return costs;
}

/** Processor time and not the time of day: what else the machine does counts less. */
function importTime(name: string, before: readonly string[]): number {
  const first = before.map((each) => `await import(${JSON.stringify(each)});`).join('');
  const program =
    `${first} const start = process.cpuUsage(); await import(${JSON.stringify(name)});` +
    ' const { user, system } = process.cpuUsage(start); console.log((user + system) / 1_000)';
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}
