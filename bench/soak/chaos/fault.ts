import type { DevServices } from '@keyturn/dev-services';
import type { BenchApplication, BenchRole } from '../../support/bench-application.js';
import type { AnsweringProxy } from '../answering-proxy.js';
import type { Ledger } from '../ledger.js';

/** What a fault may get hold of. */
export interface ChaosContext {
  readonly services: DevServices;
  readonly proxy: AnsweringProxy;
  readonly application: BenchApplication;
  readonly ledger: Ledger;
  /** Starts one more application on the same servers. */
  readonly startAnother: (role?: BenchRole) => Promise<BenchApplication>;
}

/** One row of the fault table: what happens, and which failures callers may see because of it. */
export interface Fault {
  readonly name: string;
  /** SQLSTATEs and codes that an operation may fail with while it lasts. */
  readonly excuses: readonly string[];
  /** Makes it happen and ends it. @throws when the application does not behave as promised */
  run(context: ChaosContext): Promise<void>;
}

/** What the user of a connection sees that the server has ended, from the statement in flight to the next use of its query runner. */
export const brokenConnection: readonly string[] = [
  '57P01',
  '57P02',
  'EPIPE',
  'ECONNRESET',
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Client has encountered',
  '25P02',
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
];
