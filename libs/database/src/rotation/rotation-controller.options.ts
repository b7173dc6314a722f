import type { CredentialSource } from '../credentials/credential-source.js';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { Clock } from '@keyturn/vault';
import type { RotationOptions } from '../options/rotation-options.js';

export interface RotationControllerOptions {
  readonly source: CredentialSource;
  readonly adapter: DriverAdapter;
  readonly rotation?: RotationOptions;
  /** Default: the clock of the machine. */
  readonly clock?: Clock;
  /** A number in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** A listener of an event has thrown. Default: nothing. */
  readonly onListenerError?: () => void;
}
