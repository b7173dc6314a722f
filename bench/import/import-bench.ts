import type { BenchArguments } from '../support/bench-arguments.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';
import { importCosts } from './import-cost.js';

/** What the import of the client and of its peers costs. Prints a table and writes reports/import-bench.json. */
export async function importBench({ pairs = 9 }: BenchArguments): Promise<void> {
  const costs = await importCosts(pairs);
  const rows = costs.map(({ package: name, importMs, inNestMs, costRatio, packages, megabytes }) => ({
    package: name,
    'import, CPU ms': importMs,
    'with Nest loaded': inNestMs,
    'x node-vault': costRatio.median,
    quartiles: `${costRatio.lowerQuartile} to ${costRatio.upperQuartile}`,
    packages,
    MB: megabytes,
  }));
  console.log(`\nimport in a fresh process, and what is installed\n${reportTable(rows)}`);
  console.log(`\nwritten: ${await writeReport('import-bench', costs)}`);
}
