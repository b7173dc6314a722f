import { setTimeout as sleep } from 'node:timers/promises';
import { credentialFaults } from './credential-faults.js';
import { databaseFaults } from './database-faults.js';
import type { ChaosContext } from './fault.js';
import { vaultFaults } from './vault-faults.js';

export interface ChaosResult {
  readonly injected: Readonly<Record<string, number>>;
  /** Promises that were not kept, in words. */
  readonly broken: readonly string[];
}

/** Failures of statements that were in flight may be reported a moment after the fault has ended. */
const graceMs = 1_000;

/** Injects each fault `rounds` times, one after the other. */
export async function runChaos(context: ChaosContext, { rounds, only }: { rounds: number; only: string }): Promise<ChaosResult> {
  const injected: Record<string, number> = {};
  const broken: string[] = [];
  const faults = [...vaultFaults, ...credentialFaults, ...databaseFaults].filter(({ name }) => name.includes(only));
  for (let round = 0; round < rounds; round += 1) {
    for (const fault of faults) {
      const end = context.ledger.excuse(fault.name, fault.excuses);
      const startedAt = performance.now();
      await fault.run(context).catch((error: unknown) => broken.push(`${fault.name}: ${(error as Error).message}`));
      injected[fault.name] = (injected[fault.name] ?? 0) + 1;
      console.log(`  fault ${fault.name}: ${Math.round(performance.now() - startedAt)} ms`);
      await sleep(graceMs);
      end();
    }
  }
  return { injected, broken };
}
