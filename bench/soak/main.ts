import { writeReport } from '../support/write-report.js';
import { isClean, printSoak } from './print-soak.js';
import { runSoak } from './run-soak.js';
import { readSoakArguments, type SoakArguments } from './soak-arguments.js';

async function soak(options: SoakArguments): Promise<void> {
  const result = await runSoak(options);
  printSoak(result);
  console.log(`written: ${await writeReport('soak', { node: process.version, options, ...result })}`);
  process.exitCode = isClean(result) ? 0 : 1;
}

try {
  await soak(readSoakArguments(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
