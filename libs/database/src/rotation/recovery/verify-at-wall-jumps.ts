import type { Clock } from '@keyturn/vault';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';

export interface VerificationContext {
  readonly clock: Clock;
  readonly lifetime: CredentialLifetime;
  readonly pools: ReadonlySet<RotatablePool>;
  /** The database refuses `held`: resolves when others are in force. */
  readonly onRefused: (held: CredentialInUse, reason: string) => Promise<void>;
}

/** A log-in takes much less; a server that hangs is no reason to keep callers from connections that work. */
const longestHoldMs = 1_000;

/**
 * When the wall clock has moved ahead: lives were counted on a clock that may have stood still, so the credentials in force are verified.
 * @returns ends that
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
 * Finds out by a log-in whether `held` still work, in each pool, while its callers wait: a second at the most, or until others are in force
 * when the database refuses them. Never rejects.
 */
async function verify(held: CredentialInUse, { clock, pools, onRefused }: VerificationContext): Promise<void> {
  const prove = async (pool: RotatablePool): Promise<void> => {
    const resume = pool.withhold();
    const cancel = clock.setTimer(resume, longestHoldMs);
    const failure = await pool.proveActive();
    cancel();
    if (failure?.kind === 'login') await onRefused(held, failure.reason).catch(() => undefined);
    resume();
  };
  await Promise.all([...pools].map(prove));
}
