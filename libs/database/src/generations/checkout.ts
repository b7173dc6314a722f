import type { GiveBack, NativeConnection } from '../driver/native-pool.js';

/** One connection in somebody's hands. */
export interface Checkout {
  readonly connection: NativeConnection;
  /** Back to the native pool. */
  readonly giveBack: GiveBack;
  /** Set when the pool took the connection away at the drain deadline: its user's release comes too late and does nothing. */
  takenAway: boolean;
}
