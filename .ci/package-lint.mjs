// Lints every publishable package as its users would receive it: publint for the manifest, attw for type resolution, and the compiler
// for declarations of users who check those of libraries as well, and for what users write against the ports.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const run = (...args) => execFileSync('npx', ['--no-install', ...args], { stdio: 'inherit' });

for (const lib of readdirSync('libs')) {
  const folder = join('libs', lib);
  run('publint', 'run', '--strict', folder);
  run('attw', '--pack', folder, '--profile', 'esm-only', '--quiet');
}

const strict = '--ignoreConfig --noEmit --strict --skipLibCheck false --module nodenext --target es2023 --types node'.split(' ');
run('tsc', ...strict, ...readdirSync('libs').map((lib) => join('libs', lib, 'dist', 'index.d.ts')));
run(
  'tsc',
  ...strict,
  ...readdirSync('test/package')
    .filter((name) => name.endsWith('.ports.ts'))
    .map((name) => join('test/package', name)),
);
