import { withinTime } from '@keyturn/vault/time';
import type { NativePool } from '../driver/native-pool.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { errorFacts } from '../errors/error-facts.js';
import { Dispatcher } from '../queue/dispatcher.js';
import { Drain } from '../generations/drain.js';
import type { DrainDeadline } from '../lifetime/drain-deadline.js';
import { Generation } from '../generations/generation.js';
import { GenerationSet } from '../generations/generation-set.js';
import { LostRoleWatch } from './lost-role-watch.js';
import { PoolEvents } from './pool-events.js';
import { PoolFacade } from './pool-facade.js';
import type { PoolSnapshot } from './pool-snapshot.js';
import { prepareGeneration } from './prepare-generation.js';
import type { Draining, NumberedCredential, PreparedGeneration, PrepareOptions } from '../generations/prepared-generation.js';
import type { RotatablePool } from './rotatable-pool.js';
import type { RotatingPoolContext } from './rotating-pool.options.js';
import { redactedOptions } from './redacted-options.js';
import type { ConnectCallback } from '../queue/waiter.js';

const adapterGraceMs = 1_000;
const noDrains: readonly Drain[] = [];

/**
 * What TypeORM sees in place of `pg.Pool`. Behind it stand generations of real pools, one for each credential; a rotation swaps the active
 * one between two calls of `connect`.
 *
 * The folder `pool/` decides what an application sees of all this: the calls, options and events of pg-pool, over any number of
 * generations. It does not decide when a generation is replaced (`rotation/`), who is served next (`queue/`), nor how long an old
 * generation lives (`generations/`).
 */
export class RotatingPool extends PoolFacade implements RotatablePool {
  readonly #context: RotatingPoolContext;
  readonly #options: object;
  readonly #settings: PoolSettings;
  readonly #maxConnections: number;
  readonly #generations = new GenerationSet();
  readonly #dispatcher: Dispatcher;
  #drains: readonly Drain[] = noDrains;
  readonly #events = new PoolEvents(this);
  #isStarting = false;
  #closing: Promise<void> | undefined;

  /** @param options what TypeORM hands to `new driver.Pool(options)` */
  constructor(options: object, context: RotatingPoolContext) {
    const settings = context.adapter.settings(options);
    super(redactedOptions(options, settings.max), settings.target);
    this.#options = options;
    this.#context = context;
    this.#settings = settings;
    this.#maxConnections = context.maxConnections ?? this.#settings.max * 2;
    this.#dispatcher = new Dispatcher({
      settings,
      adapter: context.adapter,
      generations: this.#generations,
      maxConnections: this.#maxConnections,
      outageBudgetMs: context.outageBudgetMs ?? this.#settings.connectTimeoutMs,
      clock: context.clock,
      random: context.random,
      listener: this.#events,
      onLoginRejected: (generation, sqlState) => context.owner.loginRejected(generation.credential, sqlState),
    });
  }

  /** Connections that exist, over all generations; pg-pool leaves out those that are closing, which take up room on the server. */
  get totalCount(): number {
    return this.#generations.physicalCount;
  }

  get idleCount(): number {
    return this.#generations.active?.native.idleCount ?? 0;
  }

  get waitingCount(): number {
    return this.#dispatcher.waiting;
  }

  /** Connections in use that are closed when they come back: older than `maxLifetimeSeconds`. */
  get expiredCount(): number {
    return this.#generations.expiredCount;
  }

  override get ending(): boolean {
    return this.#closing !== undefined;
  }

  async prepare(numbered: NumberedCredential, options: PrepareOptions): Promise<PreparedGeneration> {
    const generation = this.#open(numbered);
    const [context, settings, maxConnections] = [this.#context, this.#settings, this.#maxConnections];
    const parts = { context, settings, maxConnections, generations: this.#generations, dispatcher: this.#dispatcher };
    await prepareGeneration(generation, parts, options);
    return this.#prepared(generation);
  }

  adopt(numbered: NumberedCredential): PreparedGeneration {
    const prepared = this.#prepared(this.#open(numbered));
    return {
      ...prepared,
      commit: (deadline) => {
        const draining = prepared.commit(deadline);
        // Nobody may ask for a while: the outage is to show in the health all the same, and its end be looked for.
        this.#dispatcher.take((_error, _connection, release) => release?.());
        return draining;
      },
    };
  }

  async proveActive(): ReturnType<RotatablePool['proveActive']> {
    const { adapter, clock } = this.#context;
    const timeoutMs = this.#settings.connectTimeoutMs + adapterGraceMs;
    const proof = this.#generations.active?.native.proveLogin();
    try {
      // An adapter that does not keep the connect time-out must not end all rotation.
      if (proof !== undefined) await withinTime(proof, { clock, timeoutMs, expired: () => new Error('timeout expired') });
      return undefined;
    } catch (error) {
      return { kind: adapter.classify(error), reason: adapter.reasonOf(error) };
    }
  }

  withhold(): () => void {
    return this.#dispatcher.withhold();
  }

  suspend(error: Error): void {
    if (this.#closing === undefined) this.#dispatcher.refuse(error);
  }

  quiet(): Promise<void> {
    return this.#dispatcher.quiet();
  }

  close(deadlineMs: number | undefined): Promise<void> {
    this.#closing ??= this.#close();
    if (deadlineMs !== undefined) for (const drain of this.#drains) drain.setDeadline({ atMs: deadlineMs, limit: 'shutdown' });
    return this.#closing;
  }

  snapshot(): PoolSnapshot {
    const { active, draining } = this.#generations;
    const { inUse, outage, refusal } = this.#dispatcher;
    return {
      target: this.#settings.target,
      generation: active?.number,
      max: this.#settings.max,
      maxConnections: this.#maxConnections,
      inUse,
      idle: this.idleCount,
      waiting: this.waitingCount,
      connections: this.totalCount,
      draining: draining.map((generation) => ({ generation: generation.number, inUse: generation.inUse })),
      outage,
      refusal: refusal === undefined ? undefined : errorFacts(refusal).code,
    };
  }

  protected override take(callback: ConnectCallback): void {
    this.#context.owner.catchUp();
    this.#dispatcher.take(callback);
    if (this.#generations.active === undefined && this.#closing === undefined) void this.#start();
  }

  protected override closeAll(): Promise<void> {
    return this.close(undefined);
  }

  async #start(): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    const failure = await this.#context.owner.admit(this).then(
      () => undefined,
      (error: Error) => error,
    );
    // Before the callers are told: one of them may ask again at once.
    this.#isStarting = false;
    if (failure !== undefined) this.#dispatcher.rejectAll(failure);
  }

  #open(numbered: NumberedCredential): Generation {
    const generation = new Generation({ ...numbered, open: (self) => this.#openNative(self) });
    this.#generations.add(generation);
    return generation;
  }

  #openNative(generation: Generation): NativePool {
    const { adapter, owner, clock } = this.#context;
    // One for each generation: that the next role is lost as well shows while the last one is being replaced.
    const watch = new LostRoleWatch({
      adapter,
      clock,
      hold: () => this.#dispatcher.hold(),
      onSuspected: () => owner.roleSuspected(this, generation.credential),
    });
    return adapter.openPool(this.#options, generation.credential, {
      connectionOpened: (connection) => this.#events.opened(connection),
      idleFailed: (error, connection) => this.#events.failed(error, connection),
      connectionClosed: (connection) => {
        generation.forget(connection);
        this.#events.closed(connection);
        this.#dispatcher.pump();
      },
      statementRefused: (sqlState) => watch.statementRefused(generation, sqlState),
    });
  }

  #prepared(generation: Generation): PreparedGeneration {
    return {
      commit: (deadline) => this.#commit(generation, deadline),
      abort: () => generation.step({ type: 'rejected' }),
    };
  }

  #commit(generation: Generation, deadline: DrainDeadline | undefined): Draining {
    if (this.#closing !== undefined) {
      generation.step({ type: 'rejected' });
      return { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
    }
    const before = this.#generations.activate(generation);
    const draining = before === undefined ? undefined : this.#drain(before, deadline);
    this.#dispatcher.accept();
    this.#dispatcher.pump();
    return draining ?? { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
  }

  #drain(generation: Generation, deadline: DrainDeadline | undefined): Drain {
    const drain = new Drain(generation, {
      clock: this.#context.clock,
      takeAway: (checkout, reason) => this.#dispatcher.takeAway(checkout, reason),
    });
    this.#drains = [...this.#drains, drain];
    void drain.done.then(() => (this.#drains = this.#drains.filter((other) => other !== drain)));
    drain.setDeadline(deadline);
    return drain;
  }

  async #close(): Promise<void> {
    this.#context.owner.dismiss(this);
    const closed = this.closed();
    this.#dispatcher.stop(closed);
    for (const generation of this.#generations.warming) {
      for (const checkout of generation.checkouts) void generation.terminate(checkout, closed);
    }
    const last = this.#generations.retire();
    if (last !== undefined) this.#drain(last, undefined);
    await this.#generations.allEnded();
    this.markEnded();
  }
}
