import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the libraries and the application: the specs run what is shipped, from dist. */
export function setup(): void {
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  execFileSync('npm', ['run', '--silent', 'build:libs'], { cwd, stdio: 'inherit' });
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd, stdio: 'inherit' });
}
