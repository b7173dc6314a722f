import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import { PoolClosedError } from '../errors/pool-closed.error.js';
import type { PoolOwner } from '../pool/pool-owner.js';
import type { Draining, RotatablePool } from '../pool/rotatable-pool.js';
import type { RotatingPoolContext } from '../pool/rotating-pool.options.js';
import { EventHub } from '../support/event-hub.js';
import { SystemClock } from '@keyturn/vault';
import { admitPool } from './admission.js';
import { CredentialSupply } from './credential-supply.js';
import { describeRotation } from './describe-rotation.js';
import { errorFacts } from './error-facts.js';
import type { HeldCredential } from './held-credential.js';
import { LifeWatch } from './life-watch.js';
import { resolveRotationOptions } from './resolve-rotation-options.js';
import { retire, revoke, type RetirementContext } from './retirement.js';
import type { RotationControllerOptions } from './rotation-controller.options.js';
import { isUrgent, type RotationEvent, type RotationReason } from './rotation-event.js';
import { drainDeadlineMs, warmUpUntilMs } from './rotation-schedule.js';
import type { RotationSnapshot } from './rotation-snapshot.js';
import { credentialsExpired, credentialsUnavailable, rotationStopped } from './rotation-faults.js';
import { failureInForce, failureOf, nextRotationState, retryAfterMs, type RotationState, type RotationStep } from './rotation-state.js';
import { settleUntil } from './settle-until.js';
import { planShutdown, revokeUntilMs, type ShutdownPlan } from './shutdown-plan.js';
import { issuedEvent, rotatedEvent } from './supply-events.js';
import { TwoPhaseFlip } from './two-phase-flip.js';
import { waitForQuiet } from './wait-for-quiet.js';

const probePauseMs = 1_000;

/**
 * Keeps the pools of one credential source on credentials that work: replaces them before they end, in two phases over all pools, and
 * at once when they are lost or refused; retires what was replaced.
 */
export class RotationController implements PoolOwner {
  readonly #options: RotationControllerOptions;
  readonly #context: RetirementContext;
  readonly #supply: CredentialSupply;
  readonly #watch: LifeWatch;
  readonly #events = new EventHub<RotationEvent>();
  readonly #pools = new Set<RotatablePool>();
  readonly #admissions = new WeakMap<RotatablePool, AbortController>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #over = new AbortController();
  #state: RotationState = { kind: 'idle' };
  #held: HeldCredential | undefined;
  #numbers = 0;
  #rotations = 0;
  #failures = 0;
  #first: Promise<HeldCredential> | undefined;
  #flight: Promise<void> | undefined;
  #plan: ShutdownPlan | undefined;
  #stopped: Promise<void> | undefined;
  #probedAtMs = Number.NEGATIVE_INFINITY;

  /** @throws DatabaseConfigurationError when a rotation option is malformed */
  constructor(options: RotationControllerOptions) {
    const rotation = resolveRotationOptions(options.rotation);
    const clock = options.clock ?? new SystemClock();
    const random = options.random ?? Math.random;
    this.#options = options;
    const [stopping, over] = [this.#stop.signal, this.#over.signal];
    this.#context = { clock, random, rotation, emit: (event) => this.#events.emit(event), stopping, over };
    this.#supply = new CredentialSupply({ source: options.source, rotation, clock, random });
    this.#watch = new LifeWatch({
      clock,
      random,
      rotation,
      onDue: (reason) => void this.#rotate(reason).catch(() => undefined),
      onExpired: () => this.#expire(),
    });
  }

  /** What the pools of this source are built with. */
  get poolContext(): RotatingPoolContext {
    const { clock, random, rotation } = this.#context;
    return { owner: this, adapter: this.#options.adapter, clock, random, ...rotation };
  }

  /** @returns removes the listener */
  subscribe(listener: (event: RotationEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /**
   * Replaces the credentials now. Resolves after the flip; the old ones drain meanwhile. Joins a rotation that is under way. Within a
   * second of a source's failure it is not asked again: the caller gets that failure.
   * @throws why they could not be replaced; the old ones serve on
   */
  async refreshNow(): Promise<void> {
    if (this.#plan !== undefined) throw rotationStopped();
    const refusal = this.#flight === undefined ? this.#supply.refusal() : undefined;
    if (refusal !== undefined) throw refusal;
    await this.#rotate('requested');
  }

  snapshot(): RotationSnapshot {
    return describeRotation({
      source: this.#options.source.name,
      clock: this.#context.clock,
      state: this.#state,
      quiescing: this.#plan !== undefined,
      held: this.#held,
      rotating: this.#flight !== undefined,
      rotations: this.#rotations,
      failures: this.#failures,
      retiring: this.#retiring.size,
      pools: this.#pools,
    });
  }

  async admit(pool: RotatablePool): Promise<void> {
    const dismissed = new AbortController();
    this.#admissions.set(pool, dismissed);
    const signal = AbortSignal.any([this.#stop.signal, dismissed.signal]);
    await admitPool(pool, {
      clock: this.#context.clock,
      random: this.#context.random,
      budgetMs: this.#options.source.mints ? 0 : this.#context.rotation.credentialBudgetMs,
      prepare: { signal, loginRetryMs: this.#supply.loginRetryMs, warmUntilMs: 0 },
      current: () => this.#held,
      obtain: () => this.#obtain(),
      reject: (held, error) => this.#reject(held, error),
      join: () => this.#pools.add(pool),
    });
  }

  dismiss(pool: RotatablePool): void {
    this.#pools.delete(pool);
    this.#admissions.get(pool)?.abort(new PoolClosedError('The pool was closed while it started.'));
  }

  /** A data source could not start because of `error`: credentials that no other one uses are revoked, as the next try gets its own. */
  async startFailed(error: unknown): Promise<void> {
    if (this.#held !== undefined) await this.#reject(this.#held, error);
  }

  async loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    const source = this.#options.source.name;
    if (this.#flight !== undefined) await this.#flight.catch(() => undefined);
    if (this.#held?.credential !== credential) return;
    const waiting = failureInForce(this.#state, this.#context.clock.nowMs());
    if (waiting !== undefined) throw credentialsUnavailable(source, sqlState, waiting.error);
    await this.#rotate('login-rejected').catch((error: unknown) => {
      throw credentialsUnavailable(source, sqlState, error as Error);
    });
  }

  async roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    const nowMs = this.#context.clock.nowMs();
    if (this.#held?.credential !== credential || nowMs - this.#probedAtMs < probePauseMs) return;
    this.#probedAtMs = nowMs;
    const failure = await pool.proveActive();
    if (failure?.kind === 'login') await this.loginRejected(credential, failure.reason).catch(() => undefined);
  }

  /**
   * Begins the shutdown, which ends `timeoutMs` from now: replaces credentials only where they would not last so long, are lost or refused,
   * and waits until no pool has a connection in use, for most of that time. The pools serve on: requests still arrive.
   */
  async quiesce(timeoutMs: number = this.#context.rotation.shutdownMs): Promise<void> {
    const { clock } = this.#context;
    this.#plan ??= planShutdown(clock.nowMs(), timeoutMs);
    this.#watch.quiesce(this.#plan.endMs);
    await waitForQuiet(this.#pools, Math.max(0, this.#plan.quietUntilMs - clock.nowMs()), clock);
  }

  /**
   * `quiesce()`, then rotates no more, closes the pools, by force where users do not let go, and revokes every lease. Ends `timeoutMs`
   * after the first of the two was called; half a second is given to the revocation in any case. Idempotent.
   */
  stop(timeoutMs: number = this.#context.rotation.shutdownMs): Promise<void> {
    this.#stopped ??= this.#stopOnce(timeoutMs);
    return this.#stopped;
  }

  async #stopOnce(timeoutMs: number): Promise<void> {
    const { clock } = this.#context;
    const plan = (this.#plan ??= planShutdown(clock.nowMs(), timeoutMs));
    await this.quiesce();
    this.#watch.stop();
    this.#step({ type: 'stopped' });
    this.#stop.abort(rotationStopped());
    const closed = [...this.#pools].map((pool) => pool.close(plan.poolsUntilMs));
    await settleUntil([...closed, Promise.resolve(this.#flight), Promise.resolve(this.#first)], plan.endMs, clock);
    const revoked = this.#takeLeft().map((held) => revoke(held, this.#context));
    await settleUntil([...revoked, ...this.#retiring], revokeUntilMs(plan, clock.nowMs()), clock);
    this.#over.abort(rotationStopped());
    await Promise.all(revoked);
  }

  #step(step: RotationStep): void {
    this.#state = nextRotationState(this.#state, step);
  }

  #rotate(reason: RotationReason): Promise<void> {
    this.#flight ??= this.#attempt(reason).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #attempt(reason: RotationReason): Promise<void> {
    this.#stop.signal.throwIfAborted();
    try {
      if (this.#held === undefined) await this.#obtain();
      else if (this.#pools.size === 0) this.#drop();
      else await this.#replace(this.#held, reason);
    } catch (error) {
      this.#fail(error as Error, reason);
      throw error;
    }
  }

  async #replace(from: HeldCredential, reason: RotationReason): Promise<void> {
    const { rotation, clock } = this.#context;
    const startedAtMs = clock.nowMs();
    const { signal } = this.#stop;
    const insteadOf = reason === 'requested' ? undefined : from.credential;
    const issued = await this.#supply.next({ signal, insteadOf, refused: reason === 'login-rejected' });
    const next = this.#number(issued);
    const warmUntilMs = warmUpUntilMs(from.issued, clock.nowMs(), isUrgent(reason));
    const flip = new TwoPhaseFlip(next, { signal, loginRetryMs: this.#supply.loginRetryMs, warmUntilMs });
    try {
      await flip.prepare(this.#pools);
      signal.throwIfAborted();
    } catch (error) {
      flip.abort();
      await this.#supply.giveBack(issued, error);
      throw error;
    }
    const deadlineMs = rotation.onDrainDeadline === 'wait' ? undefined : drainDeadlineMs(from.issued, clock.nowMs(), rotation.drainMs);
    const drains = flip.commit(deadlineMs);
    this.#hold(next);
    this.#rotations += 1;
    this.#retire(from, drains);
    const nowMs = clock.nowMs();
    this.#events.emit(rotatedEvent(from, next, { reason, durationMs: nowMs - startedAtMs, pools: this.#pools.size, nowMs }));
  }

  /** The first credentials; several pools that start together share them. */
  #obtain(): Promise<HeldCredential> {
    this.#first ??= this.#obtainOnce().finally(() => (this.#first = undefined));
    return this.#first;
  }

  async #obtainOnce(): Promise<HeldCredential> {
    this.#stop.signal.throwIfAborted();
    const held = this.#number(await this.#supply.next({ signal: this.#stop.signal }));
    if (this.#stop.signal.aborted) await revoke(held, this.#context);
    this.#stop.signal.throwIfAborted();
    this.#hold(held);
    this.#events.emit(issuedEvent(held, this.#context.clock.nowMs()));
    return held;
  }

  #number(issued: IssuedCredential): HeldCredential {
    this.#numbers += 1;
    return { number: this.#numbers, issued, credential: issued.credential, lost: false };
  }

  #hold(held: HeldCredential): void {
    this.#held = held;
    this.#step({ type: 'supplied' });
    this.#watch.start(held);
  }

  /** First credentials that no pool could log in with. */
  async #reject(held: HeldCredential, error: unknown): Promise<void> {
    if (this.#held !== held || this.#pools.size > 0) return;
    this.#held = undefined;
    this.#watch.stop();
    this.#step({ type: 'dropped' });
    await this.#supply.discard(held.issued, error);
  }

  /** Credentials that are due while no pool uses them: the next pool asks for its own. */
  #drop(): void {
    for (const one of this.#takeLeft()) this.#retire(one, []);
    this.#watch.stop();
    this.#step({ type: 'dropped' });
  }

  /** The current credentials and the spare ones, which are not kept any more. */
  #takeLeft(): readonly HeldCredential[] {
    const [held, spare] = [this.#held, this.#supply.takeSpare()];
    this.#held = undefined;
    return [held, spare && this.#number(spare)].filter((one) => one !== undefined);
  }

  #retire(held: HeldCredential, drains: readonly Draining[]): void {
    const retirement = retire(held, drains, this.#context).finally(() => this.#retiring.delete(retirement));
    this.#retiring.add(retirement);
  }

  #fail(error: Error, reason: RotationReason): void {
    if (this.#stop.signal.aborted) return;
    const { clock, random } = this.#context;
    const pausedUntilMs = retryAfterMs(this.#state, clock.nowMs(), random());
    const retryAtMs = Math.max(pausedUntilMs, this.#supply.availableAtMs());
    this.#failures += 1;
    this.#step({ type: 'failed', error, retryAtMs });
    this.#watch.retryAt(retryAtMs);
    this.#events.emit({ type: 'rotationFailed', reason, ...errorFacts(error), retryInMs: Math.round(retryAtMs - clock.nowMs()) });
  }

  #expire(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#step({ type: 'expired' });
    const error = credentialsExpired(this.#options.source.name, failureOf(this.#state)?.error);
    for (const pool of this.#pools) pool.suspend(error);
    this.#events.emit({ type: 'credentialsExpired', generation: held.number });
    if (failureInForce(this.#state, this.#context.clock.nowMs()) === undefined) void this.#rotate('retry').catch(() => undefined);
  }
}
