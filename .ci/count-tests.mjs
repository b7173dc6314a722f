// Sums the JSON reports of vitest into the closing line `N passed, N failed`; a step that failed without a failed test counts as one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, failedSteps] = [process.argv[2], Number(process.argv[3])];
const reports = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
let passed = 0;
let failed = 0;
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
}
if (failedSteps > 0 && failed === 0) failed = failedSteps;
if (passed === 0 && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
