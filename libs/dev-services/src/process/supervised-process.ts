import { OutputBuffer } from './output-buffer.js';

const STOP_GRACE_MS = 10_000;

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a process is reached by its supervisor. */
export interface ProcessLink {
  readonly pid: number;
  readonly stopSignal: NodeJS.Signals;
  readonly secrets: readonly string[];
  /** Resolves when the supervisor has delivered it. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

/** A server process that the supervisor owns: its output, its end, and the signals one may send it. */
export class SupervisedProcess {
  readonly pid: number;
  readonly output: OutputBuffer;
  /** Resolves when the process has ended; never rejects. */
  readonly ended: Promise<ProcessExit>;
  #exit: ProcessExit | undefined;
  #announceEnd: (exit: ProcessExit) => void = () => {};
  readonly #link: ProcessLink;

  constructor(link: ProcessLink) {
    this.pid = link.pid;
    this.#link = link;
    this.output = new OutputBuffer(link.secrets);
    this.ended = new Promise((resolve) => {
      this.#announceEnd = resolve;
    });
  }

  /** Undefined while it runs. */
  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#exit) void this.#link.signal(signal);
  }

  /** Ends it in good order and waits; a suspended process is resumed so that it can. SIGKILL after 10 s. */
  async stop(signal: NodeJS.Signals = this.#link.stopSignal): Promise<void> {
    this.signal(signal);
    this.signal('SIGCONT');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** SIGSTOP; resolves when it was delivered. */
  async suspend(): Promise<void> {
    if (!this.#exit) await this.#link.signal('SIGSTOP');
  }

  /** SIGCONT; resolves when it was delivered. */
  async resume(): Promise<void> {
    if (!this.#exit) await this.#link.signal('SIGCONT');
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Told by the supervisor. */
  markEnded(exit: ProcessExit): void {
    this.#exit = exit;
    this.#announceEnd(exit);
  }

  /** Resolves true once the output matches, false when the process ends or the time is over first. */
  waitForOutput(pattern: RegExp, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (found: boolean): void => {
        clearTimeout(timer);
        unsubscribe();
        resolve(found);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      const look = (): void => {
        if (this.output.includes(pattern)) finish(true);
      };
      const unsubscribe = this.output.subscribe(look);
      void this.ended.then(() => finish(this.output.includes(pattern)));
      look();
    });
  }
}
