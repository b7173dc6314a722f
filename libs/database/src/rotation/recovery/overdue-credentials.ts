import type { Clock } from '@keyturn/vault';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import type { CredentialLifetime } from '../../lifetime/credential-lifetime.js';
import type { CredentialInUse } from '../../lifetime/credential-in-use.js';
import type { ResolvedRotationOptions } from '../../options/rotation-options.js';
import type { Rotations } from '../rotations.js';
import { settleUntil } from '../../support/settle-until.js';
import { sleep } from '../../support/sleep.js';

export interface OverdueContext {
  readonly clock: Clock;
  readonly rotation: ResolvedRotationOptions;
  readonly lifetime: CredentialLifetime;
  readonly pools: ReadonlySet<RotatablePool>;
  readonly rotations: Pick<Rotations, 'underWay'>;
  /** The application stops. */
  readonly stopping: AbortSignal;
}

/** The timer of the next try is set for the end of the pause: a look at that very moment could come before it. */
const tickMs = 10;

/**
 * Lets callers wait for the replacement of `held`, which have ended while the process stood still. Callers wait for one try after another, as long as the next one begins within `rotation.credentialBudgetMs`. Never
 * rejects.
 *
 * Called by `CredentialLifetime` at the end of the credentials. A suspended machine is the matter of `verify-at-wall-jumps.ts`: there the
 * monotonic clock stood still as well. The timers of waiting callers look at `stoodStill()` by themselves.
 * @param refuse tells callers that wait no longer
 */
export async function awaitReplacement(held: CredentialInUse, refuse: () => void, context: OverdueContext): Promise<void> {
  const { clock, rotation, lifetime, pools, rotations, stopping } = context;
  const untilMs = clock.nowMs() + rotation.credentialBudgetMs;
  const resumes = [...pools].map((pool) => pool.withhold());
  while (lifetime.current === held && !stopping.aborted && clock.nowMs() < untilMs) {
    const flight = rotations.underWay;
    if (flight !== undefined) {
      await settleUntil([flight], untilMs, clock);
      continue;
    }
    const retryAtMs = (lifetime.failureInForce?.retryAtMs ?? clock.nowMs()) + tickMs;
    if (retryAtMs > untilMs) break;
    await sleep(clock, Math.max(0, retryAtMs - clock.nowMs()), stopping).catch(() => undefined);
  }
  refuse();
  for (const resume of resumes) resume();
}
