import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { RotatablePool } from './rotatable-pool.js';

/** What a pool asks of the rotation it belongs to. */
export interface PoolOwner {
  /** Gives the pool its first generation and looks after it from then on. @throws DatabaseError | VaultError */
  admit(pool: RotatablePool): Promise<void>;
  /** The pool closes: it takes part in no further rotation. */
  dismiss(pool: RotatablePool): void;
  /** Somebody asks for a connection: what a timer should have said of the credentials is said before he gets it. */
  catchUp(): void;
  /** The database refused a log-in with the active credential. Resolves when another generation is active. @throws typed error when there is none to be had */
  loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void>;
  /** A statement was refused in a way that may mean the role is gone. Resolves when that is cleared up, one way or the other. */
  roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void>;
}
