import { SystemClock, TypedEvents } from '@keyturn/vault';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import { rotationStopped } from '../errors/rotation-faults.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import type { PoolOwner } from '../pool/pool-owner.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { RotatingPoolContext } from '../pool/rotating-pool.options.js';
import { settleUntil } from '../support/settle-until.js';
import { Admissions } from './admissions.js';
import { connectParts } from './connect-parts.js';
import { RefusedCredentials } from './recovery/refused-credentials.js';
import { SuspectedRole } from './recovery/suspected-role.js';
import { verifyAtWallJumps } from './recovery/verify-at-wall-jumps.js';
import { describeRotation } from './report/describe-rotation.js';
import type { RotationSnapshot } from './report/rotation-snapshot.js';
import { Retirements } from './retirement/retirements.js';
import { revoke } from './retirement/revoke.js';
import type { RotationControllerOptions } from './rotation-controller.options.js';
import type { RotationParts } from './rotation-parts.js';
import { Rotations } from './rotations.js';
import { Shutdown } from './shutdown/shutdown.js';
import { requireTimeout, revokeUntilMs, type ShutdownPlan } from './shutdown/shutdown-plan.js';

/**
 * Keeps the pools of one credential source on credentials that work: replaces them before they end, in two phases over all pools, and
 * at once when they are lost or refused; retires what was replaced.
 *
 * The folder `rotation/` decides what follows when credentials are due, lost or refused, and in which order an application shuts down. It
 * does not decide when they are due (`lifetime/`), where they come from (`supply/`), or who gets a connection (`queue/`, `pool/`). Its own
 * folders: `flip/` moves pools to new credentials, `recovery/` handles those that do not work, `retirement/` ends replaced ones, `shutdown/`
 * divides the time at the end, `report/` tells how a source stands.
 */
export class RotationController implements PoolOwner {
  readonly #options: RotationControllerOptions;
  readonly #events = new TypedEvents<RotationEvent>(() => this.#options.onListenerError?.());
  readonly #parts: RotationParts;
  readonly #rotations: Rotations;
  readonly #retirements: Retirements;
  readonly #admissions: Admissions;
  readonly #refused: RefusedCredentials;
  readonly #suspected: SuspectedRole;
  readonly #shutdown: Shutdown;
  readonly #unwatchClock: () => void;
  #stopped: Promise<void> | undefined;

  /** @throws DatabaseConfigurationError when a rotation option is malformed */
  constructor(options: RotationControllerOptions) {
    const { clock = new SystemClock() } = options;
    const emit = (event: RotationEvent): void => this.#events.emit(event);
    this.#options = options;
    this.#shutdown = new Shutdown(clock);
    this.#parts = connectParts({ ...options, clock, emit, shutdown: this.#shutdown, rotations: () => this.#rotations });
    this.#retirements = new Retirements(this.#parts);
    this.#rotations = new Rotations(this.#parts, this.#retirements);
    this.#admissions = new Admissions(this.#parts, this.#rotations);
    const onRefused = (credential: DatabaseCredential, reason: string): Promise<void> => this.loginRejected(credential, reason);
    this.#refused = new RefusedCredentials({ ...this.#parts, rotations: this.#rotations });
    this.#suspected = new SuspectedRole({ ...this.#parts, onRefused });
    this.#unwatchClock = verifyAtWallJumps({ ...this.#parts, onRefused });
  }

  /** What the pools of this source are built with. */
  get poolContext(): RotatingPoolContext {
    const { clock, random, rotation } = this.#parts;
    return { owner: this, adapter: this.#options.adapter, clock, random, ...rotation };
  }

  /** @returns removes the listener */
  subscribe(listener: (event: RotationEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /**
   * Replaces the credentials now. Resolves after the flip; the old ones drain meanwhile. Joins a rotation that is under way. Within a
   * second of a source's failure the source is not asked again: the caller gets that failure.
   * @throws why the credentials could not be replaced; the old ones serve on
   */
  async refreshNow(): Promise<void> {
    if (this.#shutdown.hasBegun) throw rotationStopped();
    const refusal = this.#rotations.underWay === undefined ? this.#parts.supply.refusal() : undefined;
    if (refusal !== undefined) throw refusal;
    await this.#rotations.rotate('requested');
  }

  /** The source and its pools at this moment. No secret in it. */
  snapshot(): RotationSnapshot {
    const { clock, supply, lifetime, pools } = this.#parts;
    return describeRotation({
      source: supply.name,
      clock,
      state: lifetime.state,
      quiescing: this.#shutdown.hasBegun,
      rotating: this.#rotations.underWay !== undefined,
      rotations: this.#rotations.count,
      failures: lifetime.failures,
      retiring: this.#retirements.running.size,
      pools,
    });
  }

  admit(pool: RotatablePool): Promise<void> {
    return this.#admissions.admit(pool);
  }

  dismiss(pool: RotatablePool): void {
    this.#admissions.dismiss(pool);
  }

  /** A data source could not start because of `error`: credentials that no other one uses are revoked, as the next try gets its own. */
  async startFailed(error: unknown): Promise<void> {
    const { current } = this.#parts.lifetime;
    if (current !== undefined) await this.#rotations.reject(current, error);
  }

  catchUp(): void {
    this.#parts.clock.lookForWallJump();
    this.#parts.lifetime.catchUp();
  }

  loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    return this.#refused.loginRejected(credential, sqlState);
  }

  roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    return this.#suspected.suspected(pool, credential);
  }

  /**
   * Begins the shutdown, which ends `timeoutMs` from now. Credentials are replaced only where they would not last so long, are lost or
   * refused. Waits until no pool has a connection in use, for most of that time. The pools serve on: requests still arrive. Whoever is to
   * call `stop()` may hang: it is called in any case when the time for the users of the pools is over.
   * @throws DatabaseConfigurationError for a time-out that is no number of milliseconds
   */
  async quiesce(timeoutMs: number = this.#parts.rotation.shutdownMs): Promise<void> {
    const { clock, lifetime, pools } = this.#parts;
    const plan = this.#beginShutdown(timeoutMs);
    lifetime.quiesce(plan.endMs);
    const quiet = Array.from(pools, (pool) => pool.quiet());
    await settleUntil(quiet, plan.quietUntilMs, clock);
  }

  /**
   * `quiesce()`, then rotates no more, closes the pools, by force where users do not let go, and revokes every lease. Ends `timeoutMs`
   * after the first of the two was called; half a second is given to the revocation in any case. Idempotent.
   * @throws DatabaseConfigurationError for a time-out that is no number of milliseconds
   */
  async stop(timeoutMs: number = this.#parts.rotation.shutdownMs): Promise<void> {
    const checkedMs = requireTimeout(timeoutMs);
    this.#stopped ??= this.#stopOnce(checkedMs);
    await this.#stopped;
  }

  /** Resolves when the time of a shutdown that has begun is over. */
  overdue(): Promise<void> {
    return this.#shutdown.overdue();
  }

  /**
   * The outcome of `work`, which is not waited for longer than a moment after the end of a shutdown, or after it begins, if that is later.
   * @throws RotationStoppedError then
   */
  withinShutdown<Value>(work: Promise<Value>): Promise<Value> {
    return this.#shutdown.within(work);
  }

  /**
   * The pools, then the leases of the database. Nest closes the HTTP server before (`database-connection.module.ts` has the hooks), and
   * `VaultRuntime.close()` ends the other leases and the token after.
   */
  async #stopOnce(timeoutMs: number): Promise<void> {
    const { clock, lifetime, pools } = this.#parts;
    this.#unwatchClock();
    const plan = this.#beginShutdown(timeoutMs);
    await this.quiesce();
    lifetime.stop();
    this.#shutdown.close();
    const closed = Array.from(pools, (pool) => pool.close(plan.poolsUntilMs));
    await settleUntil([...closed, this.#rotations.settled()], plan.endMs, clock);
    const revoked = this.#rotations.takeLeft().map((held) => revoke(held, this.#parts));
    await settleUntil([...revoked, ...this.#retirements.running], revokeUntilMs(plan, clock.nowMs()), clock);
    this.#shutdown.end();
    await Promise.all(revoked);
  }

  #beginShutdown(timeoutMs: number): ShutdownPlan {
    return this.#shutdown.begin(timeoutMs, () => void this.stop());
  }
}
