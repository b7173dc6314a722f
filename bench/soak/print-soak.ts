import { reportTable } from '../support/report-table.js';
import type { SoakResult } from './run-soak.js';

/** Whether nothing failed but what a fault accounts for, and nothing is left over. */
export function isClean({ ledger, chaos, leftovers, hanging }: SoakResult): boolean {
  if (hanging.length > 0) return false;
  return Object.keys(ledger.failed).length === 0 && chaos.broken.length === 0 && leftovers.roles === 0 && leftovers.connections === 0;
}

/** Prints the figures of a soak for people. */
export function printSoak(result: SoakResult): void {
  const { ledger, chaos, leftovers } = result;
  console.log(`\n${result.seconds} s, ${ledger.operations} operations, ${result.rotations} rotations (${result.refusedRotations} refused)`);
  console.log(`latency in ms: p50 ${ledger.latency.p50}, p95 ${ledger.latency.p95}, p99 ${ledger.latency.p99}, max ${ledger.latency.max}`);
  console.log(`connections closed at the drain deadline: ${result.terminated}`);
  console.log(`operations that hang: ${result.hanging.join(', ') || 'none'}`);
  console.log(`left over: ${leftovers.roles} roles, ${leftovers.connections} connections`);
  printCounts('failures that a fault accounts for', ledger.excused);
  printCounts('failures that nothing accounts for', ledger.failed);
  for (const sample of result.samples) console.log(`  ${sample}`);
  printCounts('faults injected', chaos.injected);
  for (const broken of chaos.broken) console.log(`NOT AS PROMISED: ${broken}`);
  console.log(isClean(result) ? '\nclean' : '\nNOT clean');
}

function printCounts(title: string, counts: Readonly<Record<string, number>>): void {
  const rows = Object.entries(counts).map(([what, count]) => ({ what, count }));
  console.log(`${title}: ${rows.reduce((sum, { count }) => sum + count, 0)}`);
  if (rows.length > 0) console.log(reportTable(rows).replaceAll(/^/gm, '  '));
}
