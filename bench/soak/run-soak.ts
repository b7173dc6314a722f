import { setTimeout as sleep } from 'node:timers/promises';
import type { DevServices } from '@keyturn/dev-services';
import { startBenchApplication, type BenchApplication, type BenchRole } from '../support/bench-application.js';
import { startBenchServices } from '../support/bench-services.js';
import { AnsweringProxy } from './answering-proxy.js';
import { runChaos, type ChaosResult } from './chaos/run-chaos.js';
import { countLeftovers, type Leftovers } from './leftovers.js';
import { Ledger, type LedgerSummary } from './ledger.js';
import type { SoakArguments } from './soak-arguments.js';
import { runWorkload } from './workload.js';

export interface SoakResult {
  readonly seconds: number;
  readonly rotations: number;
  readonly refusedRotations: number;
  readonly terminated: number;
  /** Operations that never came back. */
  readonly hanging: readonly string[];
  readonly ledger: LedgerSummary;
  readonly samples: readonly string[];
  readonly chaos: ChaosResult;
  readonly leftovers: Leftovers;
}

const rotation = { drainMs: 2_000, credentialBudgetMs: 30_000 } as const;

/** Runs the workload on real servers while credentials rotate, and counts. */
export async function runSoak(options: SoakArguments): Promise<SoakResult> {
  await using services = await startServices(options);
  await using proxy = await AnsweringProxy.start(services.openbao.address);
  const start = (role: BenchRole = options.role): Promise<BenchApplication> =>
    startBenchApplication(services, { ...options, role, rotation, vaultAddress: proxy.address });
  const application = await start();
  const { credentials, dataSource } = application;
  let terminated = 0;
  credentials.subscribe((event) => (terminated += event.type === 'generationDrained' ? event.terminated : 0));
  const ledger = new Ledger();
  const stop = new AbortController();
  const startedAt = performance.now();
  const workload = runWorkload(dataSource, { workers: options.workers, ledger, signal: stop.signal });
  const chaos = options.chaos
    ? await runChaos({ services, proxy, application, ledger, startAnother: start }, options)
    : { injected: {}, broken: [] };
  await rotate(application, services, options);
  stop.abort();
  const hanging = await workload;
  if (hanging.length > 0) console.log(JSON.stringify(credentials.snapshot()));
  const { rotations, failures } = credentials.snapshot();
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  await application.context.close();
  const leftovers = await countLeftovers(services);
  return {
    seconds,
    rotations,
    refusedRotations: failures,
    terminated,
    hanging,
    ledger: ledger.summary(),
    samples: ledger.samples,
    chaos,
    leftovers,
  };
}

function startServices({ chaos, poolSize }: SoakArguments): Promise<DevServices> {
  return startBenchServices({
    ttl: chaos ? '20s' : '1h',
    maxTtl: '1h',
    maxConnections: 4 * poolSize + 30,
    openbao: { mode: 'persistent' },
  });
}

async function rotate({ credentials }: BenchApplication, { openbao }: DevServices, { rotations, role }: SoakArguments): Promise<void> {
  let reported = 0;
  while (credentials.snapshot().rotations < rotations) {
    if (role === 'static') await openbao.api('POST', 'database/rotate-role/bench-static');
    await credentials.refreshNow();
    // Time for the load, so that rotations are not all that this process does.
    await sleep(20 + Math.random() * 80);
    const tenth = Math.floor((credentials.snapshot().rotations * 10) / rotations);
    if (tenth > reported) console.log(`  ${credentials.snapshot().rotations} rotations`);
    reported = tenth;
  }
}
