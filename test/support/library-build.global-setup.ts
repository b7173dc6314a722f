import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the libraries: the specs of the packages run what is shipped, from dist. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build:libs'], { cwd: fileURLToPath(new URL('../../', import.meta.url)), stdio: 'inherit' });
}
