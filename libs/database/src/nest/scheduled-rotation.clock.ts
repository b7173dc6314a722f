import { SystemClock } from '@keyturn/vault';

/** The part of `SchedulerRegistry` of @nestjs/schedule that is used here; the package itself stays optional. */
export interface TimeoutRegistry {
  doesExist(type: 'timeout', name: string): boolean;
  addTimeout(name: string, timeout: NodeJS.Timeout): void;
  deleteTimeout(name: string): void;
}

/** The machine's clock, whose named timers are listed in `SchedulerRegistry` as timeouts once it is attached. */
export class ScheduledRotationClock extends SystemClock {
  readonly #suffix: string;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #registry: TimeoutRegistry | undefined;

  /** @param suffix put behind each name, to tell several data sources apart */
  constructor(suffix: string) {
    super();
    this.#suffix = suffix;
  }

  attach(registry: TimeoutRegistry): void {
    this.#registry = registry;
    for (const [name, timer] of this.#timers) this.#list(name, timer);
  }

  protected override timerStarted(name: string | undefined, timer: NodeJS.Timeout): void {
    if (name === undefined) return;
    this.#timers.set(name + this.#suffix, timer);
    this.#list(name + this.#suffix, timer);
  }

  protected override timerEnded(name: string | undefined): void {
    if (name === undefined) return;
    this.#timers.delete(name + this.#suffix);
    this.#unlist(name + this.#suffix);
  }

  #list(name: string, timer: NodeJS.Timeout): void {
    this.#unlist(name);
    this.#registry?.addTimeout(name, timer);
  }

  #unlist(name: string): void {
    if (this.#registry?.doesExist('timeout', name) === true) this.#registry.deleteTimeout(name);
  }
}
