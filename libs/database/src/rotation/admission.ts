import type { PrepareOptions, RotatablePool } from '../pool/rotatable-pool.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';
import type { HeldCredential } from './held-credential.js';

export interface AdmissionContext {
  readonly clock: Clock;
  readonly random: () => number;
  /** How long a refused log-in is tried again with credentials that are read anew. */
  readonly budgetMs: number;
  readonly prepare: PrepareOptions;
  readonly current: () => HeldCredential | undefined;
  readonly obtain: () => Promise<HeldCredential>;
  /** Called for credentials that the pool could not start with. */
  readonly reject: (held: HeldCredential, error: unknown) => Promise<void>;
  /** What to tell whoever started the pool, of credentials that it could not start with. */
  readonly explain: (error: unknown) => unknown;
  /** Called in the same turn as the pool's first commit. */
  readonly join: () => void;
}

const pacing = { initialMs: 100, maxMs: 1_000, jitter: 0.25 } as const;

/**
 * Gives a pool its first generation. A rotation may happen meanwhile: only the credentials that are current at the moment of the
 * commit will do. The pool takes part in rotations from that moment and not earlier: a pool that never starts (TypeORM makes a new
 * one for each try) leaves nothing behind.
 * @throws DatabaseError, the source's own error, or the reason of `prepare.signal`, which ends the tries
 */
export async function admitPool(pool: RotatablePool, context: AdmissionContext): Promise<void> {
  const startedAtMs = context.clock.nowMs();
  for (let attempt = 1; ; attempt += 1) {
    context.prepare.signal.throwIfAborted();
    const earlier = context.current();
    const held = earlier ?? (await context.obtain());
    try {
      const prepared = await pool.prepare(held, context.prepare);
      if (context.current() === held && !context.prepare.signal.aborted) {
        prepared.commit(undefined);
        context.join();
        return;
      }
      prepared.abort();
    } catch (error) {
      if (context.prepare.signal.aborted) throw error;
      if (context.current() !== held) continue;
      await context.reject(held, error);
      const isRejected = isDatabaseError(error, 'DATABASE_LOGIN_REJECTED');
      // Nobody has used them since an earlier pool was closed, and nobody has noticed what became of them.
      if (isRejected && earlier !== undefined && context.current() === undefined) continue;
      const pauseMs = backoffMs(attempt, pacing, context.random());
      const inBudget = context.clock.nowMs() + pauseMs - startedAtMs <= context.budgetMs;
      if (!isRejected || !inBudget) throw context.explain(error);
      await sleep(context.clock, pauseMs, context.prepare.signal);
    }
  }
}
