import type { PreparedGeneration } from '../generations/prepared-generation.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';
import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import type { ReplicaLag } from './replica-lag.js';
import type { LeadTime } from '../lifetime/schedule/lead-time.js';

export interface AdmissionContext {
  readonly clock: Clock;
  readonly random: () => number;
  /** How long a refused log-in is tried again with credentials that are read anew. */
  readonly budgetMs: number;
  /** Ends the tries. */
  readonly signal: AbortSignal;
  /** How long a refused log-in with `held` is tried again. */
  readonly loginRetryMs: (held: CredentialInUse) => number;
  readonly lead: LeadTime;
  readonly late: ReplicaLag;
  /** Aborts when those that are current now are not any more. */
  readonly whileInForce: () => AbortSignal;
  readonly current: () => CredentialInUse | undefined;
  readonly obtain: () => Promise<CredentialInUse>;
  /** Called for credentials that the pool could not start with. */
  readonly reject: (held: CredentialInUse, error: unknown) => Promise<void>;
  /** What to tell whoever started the pool, of credentials that it could not start with. */
  readonly explain: (error: unknown) => unknown;
  /** Called in the same turn as the pool's first commit. */
  readonly join: () => void;
}

const pacing = { initialMs: 100, maxMs: 1_000, jitter: 0.25 } as const;

/**
 * Gives a pool its first generation. A rotation may happen meanwhile: only the credentials that are current at the moment of the
 * commit will do, and the others are given up as soon as they are replaced. The pool takes part in rotations from that moment and not earlier: a pool that never starts (TypeORM makes a new
 * one for each try) leaves nothing behind.
 * @throws DatabaseError, the source's own error, or the reason of `signal`, which ends the tries
 */
export async function admitPool(pool: RotatablePool, context: AdmissionContext): Promise<void> {
  const { clock, signal } = context;
  const startedAtMs = clock.nowMs();
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const earlier = context.current();
    const held = earlier ?? (await context.obtain());
    try {
      const prepared = await prove(pool, held, context);
      if (context.current() === held && !signal.aborted) {
        prepared.commit(undefined);
        context.join();
        return;
      }
      prepared.abort();
    } catch (error) {
      if (signal.aborted) throw error;
      if (context.current() !== held) continue;
      await context.reject(held, error);
      const isRejected = isDatabaseError(error, 'DATABASE_LOGIN_REJECTED');
      // Nobody has used them since an earlier pool was closed, and nobody has noticed what became of them.
      if (isRejected && earlier !== undefined && context.current() === undefined) continue;
      const pauseMs = backoffMs(attempt, pacing, context.random());
      const inBudget = clock.nowMs() + pauseMs - startedAtMs <= context.budgetMs;
      if (!isRejected || !inBudget) throw context.explain(error);
      await sleep(clock, pauseMs, signal);
    }
  }
}

/** Credentials that are new in force are timed, as the next ones will take as long. */
async function prove(pool: RotatablePool, held: CredentialInUse, context: AdmissionContext): Promise<PreparedGeneration> {
  const { clock, signal, lead, late } = context;
  const startedAtMs = clock.nowMs();
  let wasRefused = false;
  return pool.prepare(held, {
    signal: AbortSignal.any([signal, context.whileInForce()]),
    loginRetryMs: context.loginRetryMs(held),
    warmUntilMs: () => startedAtMs,
    onProved: () => wasRefused && lead.started(clock.nowMs() - startedAtMs),
    onFailedTry: (kind) => {
      if (kind !== 'login') return;
      wasRefused = true;
      late.refused(held);
    },
  });
}
