import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** What is run and what hears of it. */
export interface ChildProgramPlan {
  /** File that Node runs. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Hears each line of its output. */
  readonly onLine: (text: string) => void;
}

/** Settings of the shell that started the demo must not reach a program that is configured for the demo's servers. */
const FOREIGN_SETTINGS = /^(VAULT_|BAO_|DB_|PORT$|HOST$|NODE_OPTIONS$|NODE_V8_COVERAGE$)/;

/**
 * A Node program of its own process. It has a process group of its own, so that Ctrl-C reaches the demo alone, which then stops it in good
 * order; it never outlives the demo's process.
 */
export class ChildProgram {
  /** How it ended: its exit code, or the name of the signal. Never rejects. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #killWithParent = (): void => void this.#child.kill('SIGKILL');

  constructor({ entry, env, onLine }: ChildProgramPlan) {
    this.#child = spawn(process.execPath, [entry], {
      // A folder without an .env file of somebody else's.
      cwd: dirname(entry),
      env: { ...ownSettings(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    process.once('exit', this.#killWithParent);
    const outputs = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    const closed = outputs.map((input) => once(createInterface({ input }).on('line', onLine), 'close'));
    this.ended = this.#awaitEnd(closed);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGTERM, and SIGKILL after `graceMs`; resolves as `ended` does. */
  async stop(graceMs: number): Promise<number | string> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  async #awaitEnd(outputsClosed: readonly Promise<unknown>[]): Promise<number | string> {
    try {
      const [code, signal] = (await once(this.#child, 'exit')) as [number | null, NodeJS.Signals | null];
      await Promise.all(outputsClosed);
      return code ?? signal ?? 'unknown';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      process.off('exit', this.#killWithParent);
    }
  }
}

function ownSettings(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => !FOREIGN_SETTINGS.test(name)));
}
