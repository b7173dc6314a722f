import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { FailureKind } from './failure-kind.js';
import type { NativePool, NativePoolListener } from './native-pool.js';
import type { PoolSettings } from './pool-settings.js';

/**
 * What differs between databases. One instance serves every pool of its driver.
 *
 * The folder `driver/` decides how a connection is opened, guarded and closed, which options it takes, and what a failure means. It knows one
 * credential at a time: neither rotation nor the queue of the callers is known here, nor whether a try is repeated.
 */
export interface DriverAdapter {
  /** Reads what the rotation itself has to know out of the options that TypeORM hands to the pool. */
  settings(options: object): PoolSettings;
  /** A pool that logs in with `credential`; opens no connection yet. */
  openPool(options: object, credential: DatabaseCredential, listener: NativePoolListener): NativePool;
  classify(error: unknown): FailureKind;
  /**
   * Whether the server may accept later, by itself, a log-in that it refused with `error`: a replica that lags has not heard of the role
   * yet. An adapter without this method says so of every refused log-in.
   */
  mayAcceptLater?(error: unknown): boolean;
  /** SQLSTATE or system error code of an error, for messages. */
  reasonOf(error: unknown): string;
  /** The option whose own code failed while a connection was opened: `typeorm.extra.onConnect`; undefined where the driver failed. */
  settingOf?(error: unknown): string | undefined;
  /** Whether a refused statement may mean that the role is gone. */
  suggestsLostRole(sqlState: string): boolean;
}
