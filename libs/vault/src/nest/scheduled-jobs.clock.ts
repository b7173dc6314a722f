import { SystemClock } from '../support/system-clock.js';

/** The part of `SchedulerRegistry` of @nestjs/schedule that is used here; the package itself stays optional. */
export interface TimeoutRegistry {
  doesExist(type: 'timeout', name: string): boolean;
  addTimeout(name: string, timeout: NodeJS.Timeout): void;
  deleteTimeout(name: string): void;
}

/** The machine's clock, whose named timers are listed in `SchedulerRegistry` as timeouts once it is attached. */
export class ScheduledJobsClock extends SystemClock {
  readonly #prefix: string;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #registry: TimeoutRegistry | undefined;

  /** @param prefix put before each name, to tell several instances apart */
  constructor(prefix = '') {
    super();
    this.#prefix = prefix;
  }

  attach(registry: TimeoutRegistry): void {
    this.#registry = registry;
    for (const [name, timer] of this.#timers) this.#list(name, timer);
  }

  protected override timerStarted(name: string | undefined, timer: NodeJS.Timeout): void {
    if (name === undefined) return;
    this.#timers.set(this.#prefix + name, timer);
    this.#list(this.#prefix + name, timer);
  }

  protected override timerEnded(name: string | undefined): void {
    if (name === undefined) return;
    this.#timers.delete(this.#prefix + name);
    if (this.#registry?.doesExist('timeout', this.#prefix + name) === true) this.#registry.deleteTimeout(this.#prefix + name);
  }

  #list(name: string, timer: NodeJS.Timeout): void {
    if (this.#registry?.doesExist('timeout', name) === true) this.#registry.deleteTimeout(name);
    this.#registry?.addTimeout(name, timer);
  }
}
