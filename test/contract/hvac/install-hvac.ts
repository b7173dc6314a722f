import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = '2.3.0';

/** A Python that can import hvac, or why there is none. */
export type PythonWithHvac = { readonly run: (program: string, input: string) => string } | { readonly missing: string };

/** Installs hvac into the user's cache folder, once, under a name that says its version. */
export function installHvac(): PythonWithHvac {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'keyturn');
  const folder = join(cache, `hvac-${version}`);
  try {
    if (!existsSync(folder)) {
      mkdirSync(cache, { recursive: true });
      const unfinished = `${folder}.${process.pid}`;
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', unfinished, `hvac==${version}`];
      execFileSync('python3', install, { stdio: 'pipe', timeout: 120_000 });
      // Written under another name first: two runs cannot get into each other's way.
      if (!existsSync(folder)) renameSync(unfinished, folder);
    }
  } catch (error) {
    return { missing: `hvac cannot be installed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown'}` };
  }
  const env = { ...process.env, PYTHONPATH: folder, PYTHONWARNINGS: 'ignore' };
  return { run: (program, input) => execFileSync('python3', [program], { input, env, encoding: 'utf8', timeout: 60_000 }) };
}
