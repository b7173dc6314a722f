import { DataSource } from 'typeorm';
import { startBenchApplication } from '../support/bench-application.js';
import type { BenchArguments } from '../support/bench-arguments.js';
import { plainUser, startBenchServices } from '../support/bench-services.js';
import type { Spread } from '../support/percentiles.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';
import { bootTime } from './boot-time.js';
import { pairedSlices, type PairedResult } from './paired-slices.js';

const poolSize = 10;

interface Scenario {
  readonly name: string;
  readonly workers: number;
  readonly sliceMs: number;
  readonly pairs: number;
  /** Rotate in each nth rotating slice; undefined: never. */
  readonly rotateEvery?: number;
}

const scenarios: readonly Scenario[] = [
  { name: 'saturated, no rotation', workers: 32, sliceMs: 1_000, pairs: 20 },
  { name: 'unsaturated, no rotation', workers: 4, sliceMs: 1_000, pairs: 20 },
  { name: 'one caller, no rotation', workers: 1, sliceMs: 1_000, pairs: 20 },
  { name: 'saturated, rotation every 10 s', workers: 32, sliceMs: 1_000, pairs: 20, rotateEvery: 10 },
  { name: 'saturated, rotation every second', workers: 32, sliceMs: 1_000, pairs: 20, rotateEvery: 1 },
];

/** Plain TypeORM against the rotating pool, on real servers. Prints a table and writes reports/rotation-bench.json. */
export async function rotationBench({ pairs, only = '' }: BenchArguments): Promise<void> {
  await using services = await startBenchServices({ ttl: '1h' });
  const { host, port, database } = services.postgres;
  const plain = await new DataSource({ type: 'postgres', host, port, database, poolSize, ...plainUser }).initialize();
  const application = await startBenchApplication(services, { role: 'dynamic', poolSize });
  const results: Record<string, PairedResult> = {};
  for (const scenario of scenarios.filter(({ name }) => name.includes(only))) {
    const { rotateEvery } = scenario;
    results[scenario.name] = await pairedSlices({
      ...scenario,
      pairs: pairs ?? scenario.pairs,
      plain,
      rotating: application.dataSource,
      ...(rotateEvery === undefined
        ? {}
        : { onRotatingSlice: async (pair) => (pair % rotateEvery === 0 ? application.credentials.refreshNow() : undefined) }),
    });
    console.log(`done: ${scenario.name}`);
  }
  await plain.destroy();
  await application.context.close();
  const boot = await bootTime(services, 20);
  print(results);
  console.log(
    `\nboot to first query: ${boot.moduleMs} ms; bare: ${boot.bareMs} ms, ratio ${withQuartiles(boot.ratio)}; ` +
      `Nest and TypeORM with a fixed user ${boot.plainMs} ms + bare log-in and credentials ${boot.bareVaultMs} ms, ` +
      `ratio ${withQuartiles(boot.ratioToFramework)}`,
  );
  console.log(`written: ${await writeReport('rotation-bench', { node: process.version, results, boot })}`);
}

function print(results: Readonly<Record<string, PairedResult>>): void {
  const rows = Object.entries(results).map(
    ([scenario, { throughput, p99, plainPerSecond, rotatingPerSecond, plainLatency, rotatingLatency }]) => ({
      scenario,
      'plain/s': plainPerSecond,
      'rotating/s': rotatingPerSecond,
      ratio: throughput.median,
      'quartiles of ratio': `${throughput.lowerQuartile} to ${throughput.upperQuartile}`,
      'p99 plain': plainLatency.p99,
      'p99 rotating': rotatingLatency.p99,
      'p99 ratio': p99.median,
    }),
  );
  console.log(`\n${reportTable(rows)}`);
}

function withQuartiles({ median, lowerQuartile, upperQuartile }: Spread): string {
  return `${median} (${lowerQuartile} to ${upperQuartile})`;
}
