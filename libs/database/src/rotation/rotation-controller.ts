import { GuardedSource } from '../credentials/guard/guarded.source.js';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import { PoolClosedError } from '../errors/pool-closed.error.js';
import type { PoolOwner } from '../pool/pool-owner.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { RotatingPoolContext } from '../pool/rotating-pool.options.js';
import { SystemClock, TypedEvents } from '@keyturn/vault';
import { pause } from '../support/pause.js';
import { admitPool } from './admit-pool.js';
import { CredentialSupply } from '../supply/credential-supply.js';
import { CredentialLifetime } from '../lifetime/credential-lifetime.js';
import { describeRotation } from './report/describe-rotation.js';
import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import { awaitReplacement, type OverdueContext } from './recovery/overdue-credentials.js';
import { ReplicaLag } from './replica-lag.js';
import { LeadTime } from '../lifetime/schedule/lead-time.js';
import { prepareReplacement } from './prepare-replacement.js';
import { RefusedCredentials } from './recovery/refused-credentials.js';
import { resolveRotationOptions } from '../options/resolve-rotation-options.js';
import { revoke, type RetirementContext } from './retirement/retirement.js';
import { Retirements } from './retirement/retirements.js';
import type { RotationControllerOptions } from './rotation-controller.options.js';
import type { RotationEvent, RotationReason } from '../lifetime/rotation-event.js';
import { drainDeadline } from '../lifetime/schedule/rotation-schedule.js';
import type { RotationSnapshot } from './report/rotation-snapshot.js';
import { rotationStopped } from '../errors/rotation-faults.js';
import { settleUntil } from '../support/settle-until.js';
import { ShutdownGrace } from './shutdown/shutdown-grace.js';
import { planShutdown, requireTimeout, revokeUntilMs, type ShutdownPlan } from './shutdown/shutdown-plan.js';
import { issuedEvent, rotatedEvent } from '../lifetime/supply-events.js';
import { uninterrupted } from '../supply/uninterrupted-source.js';
import { verifyAtWallJumps } from './recovery/verify-at-wall-jumps.js';
import { waitUntilIdle } from './shutdown/wait-until-idle.js';

/**
 * Keeps the pools of one credential source on credentials that work: replaces them before they end, in two phases over all pools, and
 * at once when they are lost or refused; retires what was replaced.
 */
export class RotationController implements PoolOwner {
  readonly #options: RotationControllerOptions;
  readonly #source: GuardedSource;
  readonly #context: RetirementContext;
  readonly #supply: CredentialSupply;
  readonly #lifetime: CredentialLifetime;
  readonly #refused: RefusedCredentials;
  readonly #parts: OverdueContext;
  readonly #stopWatch: () => void;
  readonly #events = new TypedEvents<RotationEvent>(() => this.#options.onListenerError?.());
  readonly #pools = new Set<RotatablePool>();
  readonly #admissions = new WeakMap<RotatablePool, AbortController>();
  readonly #retirements: Retirements;
  readonly #lead = new LeadTime();
  readonly #late: ReplicaLag;
  readonly #stop = new AbortController();
  readonly #over = new AbortController();
  readonly #grace: ShutdownGrace;
  #rotations = 0;
  #first: Promise<CredentialInUse> | undefined;
  #flight: Promise<void> | undefined;
  #plan: ShutdownPlan | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws DatabaseConfigurationError when a rotation option is malformed */
  constructor(options: RotationControllerOptions) {
    const rotation = resolveRotationOptions(options.rotation);
    const { clock = new SystemClock(), random: chance = Math.random } = options;
    const random = (): number => fairChance(chance());
    this.#options = options;
    this.#grace = new ShutdownGrace(clock);
    this.#source = new GuardedSource(options.source, { clock, timeoutMs: rotation.sourceTimeoutMs });
    const [stopping, over] = [this.#stop.signal, this.#over.signal];
    this.#context = { clock, random, rotation, emit: (event) => this.#events.emit(event), stopping, over };
    this.#retirements = new Retirements(this.#context);
    this.#late = new ReplicaLag(clock, this.#context.emit);
    this.#supply = new CredentialSupply({ source: uninterrupted(this.#source, over), rotation, clock, random });
    this.#lifetime = new CredentialLifetime({
      ...this.#context,
      source: this.#source.name,
      leadMs: () => this.#lead.ms,
      availableAtMs: () => this.#supply.availableAtMs(),
      onDue: (reason) => void this.#rotate(reason).catch(() => undefined),
      onExpired: (error) => this.#pools.forEach((pool) => pool.suspend(error)),
      onOverdue: (held, refuse) => void awaitReplacement(held, refuse, this.#parts),
    });
    this.#parts = { ...this.#context, pools: this.#pools, lifetime: this.#lifetime, underWay: () => this.#flight };
    this.#refused = new RefusedCredentials({ ...this.#parts, supply: this.#supply, replace: () => this.#rotate('login-rejected') });
    const onRefused = ({ credential }: CredentialInUse, reason: string): Promise<void> => this.loginRejected(credential, reason);
    this.#stopWatch = verifyAtWallJumps({ ...this.#parts, onRefused });
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
      source: this.#source.name,
      clock: this.#context.clock,
      state: this.#lifetime.state,
      quiescing: this.#plan !== undefined,
      rotating: this.#flight !== undefined,
      rotations: this.#rotations,
      failures: this.#lifetime.failures,
      retiring: this.#retirements.running.size,
      pools: this.#pools,
    });
  }

  async admit(pool: RotatablePool): Promise<void> {
    const dismissed = new AbortController();
    this.#admissions.set(pool, dismissed);
    const signal = AbortSignal.any([this.#stop.signal, dismissed.signal]);
    const leadMs = this.#lead.ms;
    await admitPool(pool, {
      ...this.#context,
      budgetMs: this.#source.mints ? 0 : this.#context.rotation.credentialBudgetMs,
      signal,
      loginRetryMs: ({ issued }) => this.#supply.loginRetryMs(issued),
      lead: this.#lead,
      late: this.#late,
      whileInForce: () => this.#lifetime.whileInForce,
      current: () => this.#lifetime.current,
      obtain: () => this.#obtain(),
      reject: (held, error) => this.#reject(held, error),
      explain: (error) => this.#supply.explain(error),
      join: () => this.#pools.add(pool),
    });
    if (this.#lead.ms !== leadMs) this.#lifetime.replan();
  }

  dismiss(pool: RotatablePool): void {
    this.#pools.delete(pool);
    this.#admissions.get(pool)?.abort(new PoolClosedError('The pool was closed while it started.'));
  }

  /** A data source could not start because of `error`: credentials that no other one uses are revoked, as the next try gets its own. */
  async startFailed(error: unknown): Promise<void> {
    if (this.#lifetime.current !== undefined) await this.#reject(this.#lifetime.current, error);
  }

  catchUp(): void {
    this.#context.clock.lookForWallJump();
    this.#lifetime.catchUp();
  }

  loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    return this.#refused.loginRejected(credential, sqlState);
  }

  roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    return this.#refused.roleSuspected(pool, credential);
  }

  /**
   * Begins the shutdown, which ends `timeoutMs` from now: replaces credentials only where they would not last so long, are lost or refused,
   * and waits until no pool has a connection in use, for most of that time. The pools serve on: requests still arrive. Whoever is to call
   * `stop()` may hang: it is called in any case when the time for the users of the pools is over.
   */
  async quiesce(timeoutMs: number = this.#context.rotation.shutdownMs): Promise<void> {
    const { clock } = this.#context;
    const plan = this.#planShutdown(timeoutMs);
    this.#lifetime.quiesce(plan.endMs);
    await waitUntilIdle(this.#pools, Math.max(0, plan.quietUntilMs - clock.nowMs()), clock);
  }

  /**
   * `quiesce()`, then rotates no more, closes the pools, by force where users do not let go, and revokes every lease. Ends `timeoutMs`
   * after the first of the two was called; half a second is given to the revocation in any case. Idempotent.
   */
  async stop(timeoutMs: number = this.#context.rotation.shutdownMs): Promise<void> {
    const checkedMs = requireTimeout(timeoutMs);
    this.#stopped ??= this.#stopOnce(checkedMs);
    await this.#stopped;
  }

  /** Resolves when the time of a shutdown that has begun is over. */
  async overdue(): Promise<void> {
    if (this.#plan !== undefined)
      await pause(this.#context.clock, Math.max(0, this.#plan.endMs - this.#context.clock.nowMs()), this.#grace.over);
  }

  /**
   * The outcome of `work`, which is not waited for longer than a moment after the end of a shutdown, or after it begins, if that is later.
   * @throws RotationStoppedError then
   */
  withinShutdown<Value>(work: Promise<Value>): Promise<Value> {
    return this.#grace.within(work);
  }

  async #stopOnce(timeoutMs: number): Promise<void> {
    const { clock } = this.#context;
    this.#stopWatch();
    const plan = this.#planShutdown(timeoutMs);
    await this.quiesce();
    this.#lifetime.stop();
    this.#stop.abort(rotationStopped());
    const closed = [...this.#pools].map((pool) => pool.close(plan.poolsUntilMs));
    await settleUntil([...closed, Promise.resolve(this.#flight), Promise.resolve(this.#first)], plan.endMs, clock);
    const revoked = this.#takeLeft().map((held) => revoke(held, this.#context));
    await settleUntil([...revoked, ...this.#retirements.running], revokeUntilMs(plan, clock.nowMs()), clock);
    this.#over.abort(rotationStopped());
    this.#grace.begin();
    await Promise.all(revoked);
  }

  #planShutdown(timeoutMs: number): ShutdownPlan {
    if (this.#plan !== undefined) return this.#plan;
    const { clock } = this.#context;
    const plan = planShutdown(clock.nowMs(), requireTimeout(timeoutMs));
    this.#plan = plan;
    clock.setTimer(() => void this.stop(), Math.max(0, plan.poolsUntilMs - clock.nowMs()));
    return plan;
  }

  #rotate(reason: RotationReason): Promise<void> {
    this.#flight ??= this.#attempt(reason).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #attempt(reason: RotationReason): Promise<void> {
    this.#stop.signal.throwIfAborted();
    try {
      const { current } = this.#lifetime;
      if (current === undefined) await this.#obtain();
      else if (this.#pools.size > 0) await this.#replace(current, reason);
      // Due while no pool uses them: the next pool asks for its own.
      else for (const left of this.#takeLeft()) this.#retirements.begin(left, []);
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#lifetime.failed(error as Error, reason);
      throw error;
    }
  }

  async #replace(from: CredentialInUse, reason: RotationReason): Promise<void> {
    const { rotation, clock } = this.#context;
    const startedAtMs = clock.nowMs();
    const { next, flip } = await prepareReplacement(from, {
      reason,
      pools: this.#pools,
      supply: this.#supply,
      lifetime: this.#lifetime,
      lead: this.#lead,
      late: this.#late,
      ...this.#context,
    });
    const deadline = rotation.onDrainDeadline === 'wait' ? undefined : drainDeadline(from.issued, clock.nowMs(), rotation.drainMs);
    const drains = flip.commit(deadline);
    this.#lifetime.begin(next);
    this.#rotations += 1;
    this.#retirements.begin(from, drains);
    const nowMs = clock.nowMs();
    this.#events.emit(rotatedEvent(from, next, { reason, durationMs: nowMs - startedAtMs, pools: this.#pools.size, nowMs }));
  }

  /** The first credentials; several pools that start together share them. */
  #obtain(): Promise<CredentialInUse> {
    this.#first ??= this.#obtainOnce().finally(() => (this.#first = undefined));
    return this.#first;
  }

  async #obtainOnce(): Promise<CredentialInUse> {
    this.#stop.signal.throwIfAborted();
    const held = this.#lifetime.number(await this.#supply.next({ signal: this.#stop.signal }));
    if (this.#stop.signal.aborted) await revoke(held, this.#context);
    this.#stop.signal.throwIfAborted();
    this.#lifetime.begin(held);
    this.#events.emit(issuedEvent(held, this.#context.clock.nowMs()));
    return held;
  }

  /** First credentials that no pool could log in with. */
  async #reject(held: CredentialInUse, error: unknown): Promise<void> {
    if (this.#lifetime.current !== held || this.#pools.size > 0) return;
    this.#lifetime.end();
    await this.#supply.discard(held.issued, error);
  }

  /** The current credentials and the unproved ones, which are not kept any more. */
  #takeLeft(): readonly CredentialInUse[] {
    const [held, unproved] = [this.#lifetime.end(), this.#supply.takeUnproved()];
    return [held, unproved && this.#lifetime.number(unproved)].filter((one) => one !== undefined);
  }
}

/** Pauses and dates are reckoned with it: what is no number in [0, 1) counts as 0. */
function fairChance(value: number): number {
  return value >= 0 && value < 1 ? value : 0;
}
