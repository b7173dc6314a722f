/**
 * `npm run demo`: compiles what has changed since the last time, without type checks (those are for `npm run build` and `npm run check`),
 * then is the demo itself, so that the demo's clock counts from the command and signals reach one process.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const project = fileURLToPath(new URL('../../tsconfig.build.json', import.meta.url));

process.stdout.write('Compiling what has changed ... ');
const startedAtMs = performance.now();
const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', '--noCheck', project], { encoding: 'utf8' });
process.stdout.write(`${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s\n`);
if (status === 0) await import('../../dist/demo/main.js');
else {
  process.stderr.write(`${stdout}The demo could not be compiled. Check the sources with \`npm run build\`.\n`);
  process.exitCode = 1;
}
