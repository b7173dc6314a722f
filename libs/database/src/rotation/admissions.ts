import { abandonable, backoffMs } from '@keyturn/vault/time';
import { isDatabaseError } from '../errors/is-database-error.js';
import { PoolClosedError } from '../errors/pool-closed.error.js';
import type { PreparedGeneration } from '../generations/prepared-generation.js';
import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { settleUntil } from '../support/settle-until.js';
import { sleep } from '../support/sleep.js';
import type { RotationParts } from './rotation-parts.js';
import type { Rotations } from './rotations.js';

const pacing = { initialMs: 100, maxMs: 1_000, jitter: 0.25 } as const;

/**
 * The pools that start. A pool takes part in rotations from its first commit and not earlier: a pool that never starts (TypeORM makes a
 * new one for each try) leaves nothing behind.
 */
export class Admissions {
  readonly #parts: RotationParts;
  readonly #rotations: Rotations;
  readonly #starting = new WeakMap<RotatablePool, AbortController>();

  constructor(parts: RotationParts, rotations: Rotations) {
    this.#parts = parts;
    this.#rotations = rotations;
  }

  /**
   * Gives a pool its first generation. A rotation may happen meanwhile: only the credentials that are in force at the moment of the commit
   * will do, and a try with others ends as soon as they are replaced.
   * @throws DatabaseError, the source's own error, or why the tries ended: the application stops, or the pool was closed
   */
  async admit(pool: RotatablePool): Promise<void> {
    const { stopping, lead, lifetime } = this.#parts;
    const dismissed = new AbortController();
    this.#starting.set(pool, dismissed);
    const leadMs = lead.ms;
    await this.#start(pool, AbortSignal.any([stopping, dismissed.signal]));
    if (lead.ms !== leadMs) lifetime.replan();
  }

  /** The pool closes: it takes part in no further rotation, and it does not start any more. */
  dismiss(pool: RotatablePool): void {
    this.#parts.pools.delete(pool);
    this.#starting.get(pool)?.abort(new PoolClosedError('The pool was closed while it started.'));
  }

  async #start(pool: RotatablePool, signal: AbortSignal): Promise<void> {
    const { clock, lifetime, pools } = this.#parts;
    const startedAtMs = clock.nowMs();
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      if (lifetime.state.kind === 'expired') await this.#awaitReplacement(startedAtMs, signal);
      const earlier = lifetime.current;
      const held = earlier ?? (await this.#rotations.obtain());
      try {
        const prepared = await this.#prove(pool, held, signal);
        if (lifetime.current === held && !signal.aborted) {
          prepared.commit(undefined);
          pools.add(pool);
          return;
        }
        prepared.abort();
      } catch (error) {
        if (signal.aborted) throw error;
        if (lifetime.current !== held) continue;
        await this.#rotations.reject(held, error);
        // Nobody has used them since an earlier pool was closed, and nobody has noticed what became of them.
        const wereStale = earlier !== undefined && lifetime.current === undefined;
        if (wereStale && isDatabaseError(error, 'DATABASE_LOGIN_REJECTED')) continue;
        await sleep(clock, this.#pauseMs(error, attempt, startedAtMs), signal);
      }
    }
  }

  /**
   * Credentials that have ended are not tried while others are on their way: the pool waits for them as callers of other pools do, within
   * `rotation.credentialBudgetMs`. @throws the reason of `signal`
   */
  async #awaitReplacement(startedAtMs: number, signal: AbortSignal): Promise<void> {
    const { clock, rotation } = this.#parts;
    const { underWay } = this.#rotations;
    if (underWay !== undefined) await abandonable(settleUntil([underWay], startedAtMs + rotation.credentialBudgetMs, clock), signal);
  }

  /** How long to wait for the next try after `error`. @throws what to tell whoever started the pool, where another try would not help */
  #pauseMs(error: unknown, attempt: number, startedAtMs: number): number {
    const { clock, random, supply } = this.#parts;
    const pauseMs = backoffMs(attempt, pacing, random());
    const isInTime = clock.nowMs() + pauseMs - startedAtMs <= supply.readAgainMs;
    if (!isInTime || !isDatabaseError(error, 'DATABASE_LOGIN_REJECTED')) throw supply.explain(error);
    return pauseMs;
  }

  /** Where the database accepts credentials late, the time that it took is noted: the next ones will take as long. */
  async #prove(pool: RotatablePool, held: CredentialInUse, signal: AbortSignal): Promise<PreparedGeneration> {
    const { clock, lead, lag, lifetime, supply } = this.#parts;
    const startedAtMs = clock.nowMs();
    let wasRefused = false;
    return pool.prepare(held, {
      signal: AbortSignal.any([signal, lifetime.whileInForce]),
      loginRetryMs: supply.loginRetryMs(held.issued),
      warmUntilMs: () => startedAtMs,
      onProved: () => wasRefused && lead.started(clock.nowMs() - startedAtMs),
      onFailedTry: (kind) => {
        if (kind !== 'login') return;
        wasRefused = true;
        lag.refused(held);
      },
    });
  }
}
