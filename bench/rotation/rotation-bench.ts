import type { DevServices } from '@keyturn/dev-services';
import { DataSource } from 'typeorm';
import { startBenchApplication, type BenchApplication } from '../support/bench-application.js';
import type { BenchArguments } from '../support/bench-arguments.js';
import { plainUser, startBenchServices } from '../support/bench-services.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';
import { BareTurnover } from './bare-turnover.js';
import { bootTime, printBoot } from './boot-time.js';
import { pairedSlices, type ContenderResult } from './paired-slices.js';

const poolSize = 10;
const bootRounds = 20;

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
  { name: 'unsaturated, rotation every second', workers: 4, sliceMs: 1_000, pairs: 20, rotateEvery: 1 },
];

interface ScenarioResult {
  readonly rotating: ContenderResult;
  readonly plain: ContenderResult;
  /** Plain TypeORM beside a {@link BareTurnover}, where the scenario rotates. */
  readonly floor?: ContenderResult;
}

/**
 * Plain TypeORM against the rotating pool, on real servers, and how long a start takes. Prints tables and writes reports/rotation-bench.json.
 * `only` chooses among the scenarios and `boot`.
 */
export async function rotationBench({ pairs, only = '' }: BenchArguments): Promise<void> {
  await using services = await startBenchServices({ ttl: '1h' });
  const chosen = scenarios.filter(({ name }) => name.includes(only));
  const results = chosen.length === 0 ? {} : await runScenarios(services, chosen, pairs);
  const boot = 'boot'.includes(only) ? await bootTime(services, pairs ?? bootRounds) : undefined;
  print(results);
  if (boot !== undefined) printBoot(boot);
  console.log(`written: ${await writeReport('rotation-bench', { node: process.version, results, boot })}`);
}

async function runScenarios(
  services: DevServices,
  chosen: readonly Scenario[],
  pairs: number | undefined,
): Promise<Readonly<Record<string, ScenarioResult>>> {
  const { host, port, database } = services.postgres;
  const plain = await new DataSource({ type: 'postgres', host, port, database, poolSize, ...plainUser }).initialize();
  const application = await startBenchApplication(services, { role: 'dynamic', poolSize });
  const results: Record<string, ScenarioResult> = {};
  for (const scenario of chosen) {
    const { workers, rotateEvery } = scenario;
    const turnover = rotateEvery === undefined ? undefined : await BareTurnover.start(services, Math.min(workers, poolSize));
    const inTurn = (act: () => Promise<void>) => async (pair: number) => (pair % (rotateEvery ?? 1) === 0 ? act() : undefined);
    const rotating = {
      dataSource: application.dataSource,
      ...(rotateEvery === undefined ? {} : { beside: inTurn(() => rotateWhole(application)) }),
    };
    const floor = turnover === undefined ? [] : [{ dataSource: plain, beside: inTurn(() => turnover.turn()) }];
    const measured = await pairedSlices({
      ...scenario,
      pairs: pairs ?? scenario.pairs,
      contenders: [{ dataSource: plain }, rotating, ...floor],
    });
    const [plainResult, rotatingResult, floorResult] = measured as [ContenderResult, ContenderResult, ContenderResult?];
    results[scenario.name] = { plain: plainResult, rotating: rotatingResult, ...(floorResult === undefined ? {} : { floor: floorResult }) };
    await turnover?.[Symbol.asyncDispose]();
    console.log(`done: ${scenario.name}`);
  }
  await plain.destroy();
  await application.context.close();
  return results;
}

/** Until the old credentials are revoked: the slice that rotates is to pay for all of it. */
async function rotateWhole({ credentials }: BenchApplication): Promise<void> {
  const revoked = new Promise<void>((resolve) => {
    const stop = credentials.subscribe(({ type }) => {
      if (type !== 'credentialsRevoked' && type !== 'revocationFailed') return;
      stop();
      resolve();
    });
  });
  await credentials.refreshNow();
  await revoked;
}

function print(results: Readonly<Record<string, ScenarioResult>>): void {
  const rows: ReturnType<typeof row>[] = [];
  for (const [scenario, { plain, rotating, floor }] of Object.entries(results)) {
    rows.push(row(scenario, plain, rotating));
    if (floor !== undefined) rows.push(row('  its floor: plain, bare turnover beside', plain, floor));
  }
  if (rows.length > 0) console.log(`\n${reportTable(rows)}\n`);
}

function row(scenario: string, plain: ContenderResult, { throughput, p99, cpu, perSecond, latency }: ContenderResult) {
  return {
    scenario,
    'plain/s': plain.perSecond,
    'this/s': perSecond,
    ratio: throughput.median,
    'quartiles of ratio': `${throughput.lowerQuartile} to ${throughput.upperQuartile}`,
    'p99 plain': plain.latency.p99,
    'p99 this': latency.p99,
    'p99 ratio': p99.median,
    'CPU ratio': cpu.median,
  };
}
