import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** How a short-lived command ended; `code` is null when it could not be started or took too long. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the search for servers needs to know of the machine; a spec gives its own. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly cacheFolder: string;
  findOnPath(name: string): Promise<string | undefined>;
  isExecutable(path: string): Promise<boolean>;
  run(command: string, args: readonly string[], timeoutMs: number): Promise<CommandResult>;
}

/** The machine this process runs on; `signal` ends a command under way, such as the download of the wheel. */
export function thisMachine(signal?: AbortSignal): Machine {
  return {
    environment: process.env,
    platform: process.platform,
    arch: process.arch,
    cacheFolder: join(userCacheFolder(), 'keyturn'),
    findOnPath,
    isExecutable,
    run: (command, args, timeoutMs) => run([command, ...args], timeoutMs, signal),
  };
}

function userCacheFolder(): string {
  if (process.env['XDG_CACHE_HOME']) return process.env['XDG_CACHE_HOME'];
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32' && process.env['LOCALAPPDATA']) return process.env['LOCALAPPDATA'];
  return join(homedir(), '.cache');
}

async function findOnPath(name: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder && (await isExecutable(join(folder, file)))) return join(folder, file);
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function run([command = '', ...args]: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<CommandResult> {
  const options = { timeout: timeoutMs, maxBuffer: 4 * 1024 * 1024, windowsHide: true, ...(signal ? { signal } : {}) };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0, stdout, stderr });
      else resolve({ code: typeof error.code === 'number' ? error.code : null, stdout, stderr: stderr || error.message });
    });
  });
}
