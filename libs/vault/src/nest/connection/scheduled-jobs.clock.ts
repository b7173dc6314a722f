import type { ModuleRef } from '@nestjs/core';
import { SystemClock } from '../../support/time/system-clock.js';

/** The part of `SchedulerRegistry` of @nestjs/schedule that is used here; the package itself stays optional. */
export interface TimeoutRegistry {
  doesExist(type: 'timeout', name: string): boolean;
  addTimeout(name: string, timeout: NodeJS.Timeout): void;
  deleteTimeout(name: string): void;
}

/**
 * The machine's clock, whose named timers are listed in `SchedulerRegistry` of @nestjs/schedule as timeouts once it is attached. For
 * packages that keep timers of their own beside the session's, such as @keyturn/database; an application does not need it.
 */
export class ScheduledJobsClock extends SystemClock {
  /** Optional; loaded while the application waits for the log-in. */
  readonly #schedule = import('@nestjs/schedule').catch(() => undefined);
  readonly #prefix: string;
  readonly #names = new Set<string>();
  #registry: TimeoutRegistry | undefined;

  /** @param prefix put before each name, to tell several instances apart */
  constructor(prefix = '') {
    super();
    this.#prefix = prefix;
  }

  /** Lists the timers in the `SchedulerRegistry` of the application, when it has one. */
  async attachTo(moduleRef: ModuleRef): Promise<void> {
    const schedule = await this.#schedule;
    if (schedule === undefined) return;
    try {
      this.attach(moduleRef.get<TimeoutRegistry>(schedule.SchedulerRegistry, { strict: false }));
    } catch {
      // ScheduleModule is installed but not imported by this application.
    }
  }

  /** Lists the timers that run, and from now on each that is started. */
  attach(registry: TimeoutRegistry): void {
    this.#registry = registry;
    for (const name of this.#names) this.#list(name);
  }

  protected override timerStarted(name: string | undefined): void {
    if (name === undefined) return;
    this.#names.add(this.#prefix + name);
    this.#list(this.#prefix + name);
  }

  protected override timerEnded(name: string | undefined): void {
    if (name === undefined) return;
    this.#names.delete(this.#prefix + name);
    if (this.#registry?.doesExist('timeout', this.#prefix + name) === true) this.#registry.deleteTimeout(this.#prefix + name);
  }

  /**
   * Lists a timer that does nothing: @nestjs/schedule clears what is listed before the modules shut down, and leases must be
   * renewed and credentials replaced while the application drains.
   */
  #list(name: string): void {
    if (this.#registry === undefined) return;
    if (this.#registry.doesExist('timeout', name)) this.#registry.deleteTimeout(name);
    const listed = setTimeout(() => undefined, 0);
    clearTimeout(listed);
    this.#registry.addTimeout(name, listed);
  }
}
