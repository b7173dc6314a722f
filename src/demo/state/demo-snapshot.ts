import type { DemoEvent } from './demo-event.js';
import type { HealthFacts } from './health-facts.js';

/** Where everything is; nothing here is a secret. */
export interface DemoAddresses {
  readonly openbao: string;
  /** Which program serves, in words. */
  readonly openbaoSource: string;
  readonly postgres: string;
  readonly application: string;
}

/** How the requests of the demo went. */
export interface RequestFigures {
  readonly ok: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Everything the demo shows at one moment. */
export interface DemoSnapshot {
  /** Since the first served recipe. */
  readonly elapsedMs: number;
  /** Undefined when it runs until Ctrl-C. */
  readonly plannedMs: number | undefined;
  readonly addresses: DemoAddresses;
  /** What the application says of itself; undefined while it has not answered. */
  readonly health: HealthFacts | undefined;
  /** Vault-issued roles that live in PostgreSQL now, by name. */
  readonly roles: readonly string[];
  readonly requests: RequestFigures;
  readonly rotations: number;
  readonly renewals: number;
  /** Log-ins after the first one. */
  readonly logIns: number;
  /** Latest last. */
  readonly events: readonly DemoEvent[];
}
