import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoJournal } from './watch/demo-journal.js';
import type { DemoAddresses, DemoSnapshot } from './state/demo-snapshot.js';
import type { DemoView } from './view/demo-view.js';
import type { HealthFacts } from './state/health-facts.js';
import { readHealth } from './watch/read-health.js';
import type { RoleWatch } from './watch/role-watch.js';
import type { SteadyLoad } from './load/steady-load.js';

/** Everything that is watched. */
export interface DemoWatchPlan {
  readonly addresses: DemoAddresses;
  readonly journal: DemoJournal;
  readonly roles: RoleWatch;
  readonly load: SteadyLoad;
  readonly plannedMs: number | undefined;
}

const LOOK_MS = 500;

/** Looks at the application and the database twice a second and shows a snapshot as often as the view wants one. */
export class DemoWatch {
  readonly #plan: DemoWatchPlan;
  readonly #stop = new AbortController();
  readonly #startedAtMs = performance.now();
  #health: HealthFacts | undefined;

  constructor(plan: DemoWatchPlan) {
    this.#plan = plan;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  get snapshot(): DemoSnapshot {
    const { addresses, journal, roles, load, plannedMs } = this.#plan;
    return {
      elapsedMs: this.elapsedMs,
      plannedMs,
      addresses,
      health: this.#health,
      roles: roles.roles,
      requests: load.figures,
      rotations: journal.count('rotation'),
      renewals: journal.count('renewal'),
      logIns: journal.laterLogIns,
      events: journal.events,
    };
  }

  /** Watches and shows until `until` settles. */
  async show(view: DemoView, until: Promise<unknown>): Promise<void> {
    const looking = this.#look();
    const timer = setInterval(() => view.snapshot(this.snapshot), view.refreshMs);
    try {
      await until;
    } finally {
      clearInterval(timer);
      this.#stop.abort();
      await looking;
    }
  }

  async #look(): Promise<void> {
    const { addresses, roles } = this.#plan;
    while (!this.#stop.signal.aborted) {
      const [health] = await Promise.all([readHealth(addresses.application), roles.refresh()]);
      this.#health = health;
      await sleep(LOOK_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
