import type { Clock } from '@keyturn/vault';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';

export interface VerificationContext {
  readonly clock: Clock;
  readonly lifetime: CredentialLifetime;
  readonly pools: ReadonlySet<RotatablePool>;
  /** The database refuses `credential`: resolves when others are in force. */
  readonly onRefused: (credential: DatabaseCredential, reason: string) => Promise<void>;
}

/** A log-in takes much less. A server that hangs must not keep callers from connections that work. */
const longestHoldMs = 1_000;

/**
 * Verifies the credentials in force each time the wall clock has moved ahead: the clock on which their life is counted may have stood
 * still meanwhile: the machine was suspended. A stopped process (SIGSTOP) makes no such jump: `overdue-credentials.ts`.
 * @returns ends the watch
 */
export function verifyAtWallJumps(context: VerificationContext): () => void {
  const { clock, lifetime } = context;
  return clock.onWallJump((aheadMs) => {
    const held = lifetime.current;
    if (held === undefined) return;
    lifetime.slip(aheadMs);
    void verify(held, context);
  });
}

/**
 * Finds out by a log-in of each pool whether `held` still work. Callers of the pool wait for a second at the most. Where the database refuses
 * `held`, they wait until others are in force. Never rejects.
 */
async function verify(held: CredentialInUse, { clock, pools, onRefused }: VerificationContext): Promise<void> {
  const prove = async (pool: RotatablePool): Promise<void> => {
    const resume = pool.withhold();
    const cancel = clock.setTimer(resume, longestHoldMs);
    const failure = await pool.proveActive();
    cancel();
    if (failure?.kind === 'login') await onRefused(held.credential, failure.reason).catch(() => undefined);
    resume();
  };
  await Promise.all([...pools].map(prove));
}
