import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** How a process ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A line of the structured log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly message?: unknown; readonly level?: unknown };

const dist = new URL('../../dist/', import.meta.url);

/** A built entry point of the application, run as a process of its own. Everything that it prints is kept. */
export class Program {
  readonly exited: Promise<ProgramExit>;
  readonly #child: ChildProcess;
  #output = '';
  readonly #listeners = new Set<() => void>();

  /**
   * @param entry below dist, such as `main.js`
   * @param environment all of it: nothing of the caller's but PATH is handed on
   */
  constructor(entry: string, environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [fileURLToPath(new URL(entry, dist))], {
      // A folder without an .env file.
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        for (const listener of this.#listeners) listener();
      });
    }
    // 'close' and not 'exit': by then all output has been read.
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Standard output and standard error, in the order of arrival. */
  get output(): string {
    return this.#output;
  }

  get lines(): LogLine[] {
    return this.#output.split('\n').flatMap((line) => {
      if (!line.startsWith('{')) return [];
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        return [];
      }
    });
  }

  /**
   * Waits for a log line whose message matches.
   * @throws Error with the output so far if the process ends before
   */
  async logged(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve } = withResolvers<RegExpExecArray>();
    const look = (): void => {
      for (const { message } of this.lines) {
        const match = typeof message === 'string' ? pattern.exec(message) : null;
        if (match !== null) resolve(match);
      }
    };
    this.#listeners.add(look);
    look();
    try {
      return await Promise.race([promise, this.#failAtExit(pattern)]);
    } finally {
      this.#listeners.delete(look);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it by the signal, unless it has ended, and waits for that. */
  async end(signal: NodeJS.Signals): Promise<ProgramExit> {
    this.signal(signal);
    return this.exited;
  }

  async #failAtExit(pattern: RegExp): Promise<never> {
    const { code, signal } = await this.exited;
    throw new Error(`The process ended (${signal ?? code}) before it logged ${String(pattern)}. It printed:\n${this.#output}`);
  }
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((resolvePromise) => (resolve = resolvePromise));
  return { promise, resolve };
}
