import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LAUNCHER = fileURLToPath(new URL('../../src/demo/launch.mjs', import.meta.url));

/** The demo as `npm run demo` starts it, with a pipe for its output and a temporary folder of its own. */
export class DemoProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #temporaryFolder: string;
  readonly #closed: Promise<unknown>;
  #output = '';

  private constructor(child: ChildProcess, temporaryFolder: string) {
    this.#child = child;
    this.#temporaryFolder = temporaryFolder;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  static async start(...args: readonly string[]): Promise<DemoProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
    // PostgreSQL runs as another user when this one is root.
    await chmod(folder, 0o711);
    const { NODE_OPTIONS: _options, ...environment } = process.env;
    const env = { ...environment, TMPDIR: folder };
    return new DemoProcess(spawn(process.execPath, [LAUNCHER, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }), folder);
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Resolves once it has printed that; rejects when it ends before. */
  async printed(pattern: RegExp): Promise<void> {
    const ended = new AbortController();
    this.#child.once('close', () => ended.abort(new Error(`The demo ended before it printed ${pattern}:\n${this.#output}`)));
    while (!pattern.test(this.#output)) await once(this.#child.stdout!, 'data', { signal: ended.signal });
  }

  /** Its exit code, once all of its output has arrived. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Resolves when it ends with that exit code; rejects with all that it printed when it ends otherwise. */
  async endsWith(expected: number): Promise<void> {
    const code = await this.exitCode();
    if (code !== expected) throw new Error(`The demo ended with ${code} instead of ${expected}:\n${this.#output}`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Stops reading what it prints, as `| head` does. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  /** Process ids of the demo and of all that it started, directly or not. */
  async processes(): Promise<readonly number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const family = new Set([this.#child.pid]);
    for (const [pid, parent] of pairs.toSorted(([a], [b]) => a! - b!)) if (family.has(parent)) family.add(pid);
    return [...family].filter((pid) => pid !== undefined);
  }

  /** What it has left in its temporary folder. */
  filesLeft(): Promise<readonly string[]> {
    return readdir(this.#temporaryFolder);
  }

  /** Ends it if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await this.exitCode();
    }
    await rm(this.#temporaryFolder, { recursive: true, force: true });
  }
}

/** Whether a process of that id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
