import type { Clock } from '@keyturn/vault';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { CredentialTenure } from './credential-tenure.js';
import type { HeldCredential } from './held-credential.js';

export interface VerificationContext {
  readonly clock: Clock;
  readonly tenure: CredentialTenure;
  readonly pools: ReadonlySet<RotatablePool>;
  /** The database refuses `held`: resolves when others are in force. */
  readonly onRefused: (held: HeldCredential, reason: string) => Promise<void>;
}

/** A log-in takes much less; a server that hangs is no reason to keep callers from connections that work. */
const longestHoldMs = 1_000;

/**
 * When the wall clock has moved ahead: lives were counted on a clock that may have stood still, so the credentials in force are verified.
 * @returns ends that
 */
export function verifyAtWallJumps(context: VerificationContext): () => void {
  const { clock, tenure } = context;
  return clock.onWallJump((aheadMs) => {
    const held = tenure.current;
    if (held === undefined) return;
    tenure.slip(aheadMs);
    void verify(held, context);
  });
}

/**
 * Finds out by a log-in whether `held` still work, in each pool, while its callers wait: a second at the most, or until others are in force
 * when the database refuses them. Never rejects.
 */
async function verify(held: HeldCredential, { clock, pools, onRefused }: VerificationContext): Promise<void> {
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
