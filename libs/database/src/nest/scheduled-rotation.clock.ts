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
  readonly #names = new Set<string>();
  #registry: TimeoutRegistry | undefined;

  /** @param suffix put behind each name, to tell several data sources apart */
  constructor(suffix: string) {
    super();
    this.#suffix = suffix;
  }

  attach(registry: TimeoutRegistry): void {
    this.#registry = registry;
    for (const name of this.#names) this.#list(name);
  }

  protected override timerStarted(name: string | undefined): void {
    if (name === undefined) return;
    this.#names.add(name + this.#suffix);
    this.#list(name + this.#suffix);
  }

  protected override timerEnded(name: string | undefined): void {
    if (name === undefined) return;
    this.#names.delete(name + this.#suffix);
    this.#unlist(name + this.#suffix);
  }

  /**
   * Lists a timer that does nothing: @nestjs/schedule clears what is listed before the modules shut down, and credentials must be
   * replaced while the application drains.
   */
  #list(name: string): void {
    this.#unlist(name);
    const listed = setTimeout(() => undefined, 0);
    clearTimeout(listed);
    this.#registry?.addTimeout(name, listed);
  }

  #unlist(name: string): void {
    if (this.#registry?.doesExist('timeout', name) === true) this.#registry.deleteTimeout(name);
  }
}
