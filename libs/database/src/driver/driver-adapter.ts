import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { FailureKind } from './failure-kind.js';
import type { NativePool, NativePoolListener } from './native-pool.js';
import type { PoolSettings } from './pool-settings.js';

/** What differs between databases. One instance serves every pool of its driver. */
export interface DriverAdapter {
  /** Reads what the rotation itself has to know out of the options that TypeORM hands to the pool. */
  settings(options: object): PoolSettings;
  /** A pool that logs in with `credential`; opens no connection yet. */
  openPool(options: object, credential: DatabaseCredential, listener: NativePoolListener): NativePool;
  classify(error: unknown): FailureKind;
  /**
   * Whether a log-in that was refused with `error` may be accepted later without anybody's doing, as the server has not heard of the role
   * yet: a replica that lags. Without it: any may.
   */
  mayAcceptLater?(error: unknown): boolean;
  /** SQLSTATE or system error code of an error, for messages. */
  reasonOf(error: unknown): string;
  /** The option whose own code failed while a connection was opened: `typeorm.extra.onConnect`; undefined where the driver failed. */
  settingOf?(error: unknown): string | undefined;
  /** Whether a refused statement may mean that the role is gone. */
  suggestsLostRole(sqlState: string): boolean;
}
