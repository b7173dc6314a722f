import { eventKindOf, type ApplicationLogLine } from '../programs/application-log.js';
import type { DemoEvent, DemoEventKind } from '../state/demo-event.js';
import { shortRoleNames } from './role-name.js';

const KEPT = 100;
/** Everything the demo shows is of this mount. */
const MOUNT = 'database/creds/';

/** Counts what the application does to its credentials and keeps the last hundred events. */
export class DemoJournal {
  readonly #counts = new Map<DemoEventKind, number>();
  readonly #events: DemoEvent[] = [];

  /** Takes a line of the application's log; returns the event in it, if there is one. */
  hear(line: ApplicationLogLine, atMs: number): DemoEvent | undefined {
    const kind = eventKindOf(line);
    if (kind === undefined) return undefined;
    const event: DemoEvent = { kind, atMs, text: shortRoleNames(line.message.replaceAll(MOUNT, '')) };
    this.#counts.set(kind, this.count(kind) + 1);
    this.#events.push(event);
    if (this.#events.length > KEPT) this.#events.shift();
    return event;
  }

  count(kind: DemoEventKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Log-ins after the first one. */
  get laterLogIns(): number {
    return Math.max(0, this.count('log-in') - 1);
  }

  /** Latest last. */
  get events(): readonly DemoEvent[] {
    return this.#events;
  }
}
