import type { Clock } from '@keyturn/vault';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import { errorFacts } from '../errors/error-facts.js';
import type { CredentialInUse } from './credential-in-use.js';
import { LifetimeWatcher } from './lifetime-watcher.js';
import type { RotationEvent, RotationReason } from './rotation-event.js';
import { credentialsExpired, replaced } from '../errors/rotation-faults.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import { failureInForce, failureOf, nextRotationState, retryAfterMs, type RotationFailure, type RotationState } from './rotation-state.js';

export interface CredentialLifetimeOptions {
  /** Name of the source, for messages. */
  readonly source: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly rotation: ResolvedRotationOptions;
  readonly emit: (event: RotationEvent) => void;
  /** How long the last credentials took from the request to their proof. */
  readonly leadMs: () => number;
  /** From when the source may be asked for others. */
  readonly availableAtMs: () => number;
  /** They have to be replaced now. */
  readonly onDue: (reason: RotationReason) => void;
  /** They have ended, and there are no others: callers get `error`. */
  readonly onExpired: (error: Error) => void;
  /** They have ended in a standstill, before any try to replace them failed: callers wait for the next, and get an error by `refuse` else. */
  readonly onOverdue: (held: CredentialInUse, refuse: () => void) => void;
}

/** The credentials in force: which they are, how they stand, and when they have to go. */
export class CredentialLifetime {
  readonly #options: CredentialLifetimeOptions;
  readonly #watch: LifetimeWatcher;
  #state: RotationState = { kind: 'idle' };
  #current: CredentialInUse | undefined;
  #inForce = new AbortController();
  #beganAtMs = 0;
  #numbers = 0;
  #failures = 0;

  constructor(options: CredentialLifetimeOptions) {
    const { clock, random, rotation, leadMs, onDue } = options;
    this.#options = options;
    this.#watch = new LifetimeWatcher({ clock, random, rotation, leadMs, onDue, onExpired: (stoodStill) => this.#expire(stoodStill) });
  }

  get current(): CredentialInUse | undefined {
    return this.#current;
  }

  /** Aborts when those that are in force now are not any more. */
  get whileInForce(): AbortSignal {
    return this.#inForce.signal;
  }

  get state(): RotationState {
    return this.#state;
  }

  /** Tries to replace credentials that failed, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** The failure after which it is not yet time for another try. */
  get failureInForce(): RotationFailure | undefined {
    return failureInForce(this.#state, this.#options.clock.nowMs());
  }

  /** Gives credentials the number of their generation. */
  number(issued: IssuedCredential): CredentialInUse {
    this.#numbers += 1;
    return { number: this.#numbers, issued, credential: issued.credential, lost: false, refused: false };
  }

  /** From now on `held` are in force. */
  begin(held: CredentialInUse): void {
    this.#supersede();
    this.#current = held;
    this.#beganAtMs = this.#options.clock.nowMs();
    this.#state = nextRotationState(this.#state, { type: 'supplied' });
    this.#watch.start(held);
  }

  /** The database refuses a log-in with those in force. @returns how long they have been it, the first time that this is reported */
  refused(): number | undefined {
    const held = this.#current;
    if (held === undefined || held.refused) return undefined;
    held.refused = true;
    return this.#options.clock.nowMs() - this.#beganAtMs;
  }

  /** From now on none are in force. @returns those that were */
  end(): CredentialInUse | undefined {
    const held = this.#current;
    this.#supersede();
    this.#current = undefined;
    this.#watch.stop();
    this.#state = nextRotationState(this.#state, { type: 'dropped' });
    return held;
  }

  /** A try to replace them failed: the next one is due after a pause. */
  failed(error: Error, reason: RotationReason): void {
    const { clock, random, availableAtMs, emit } = this.#options;
    // The failure may be one of a standstill, and then it is heard before their end is.
    this.catchUp();
    const pausedUntilMs = retryAfterMs(this.#state, clock.nowMs(), random());
    const retryAtMs = Math.max(pausedUntilMs, availableAtMs());
    this.#failures += 1;
    this.#state = nextRotationState(this.#state, { type: 'failed', error, retryAtMs });
    this.#watch.retryAt(retryAtMs);
    emit({ type: 'rotationFailed', reason, ...errorFacts(error), retryInMs: Math.round(retryAtMs - clock.nowMs()) });
  }

  /** New credentials take another time to be accepted than was known. */
  replan(): void {
    this.#watch.replan();
  }

  /** The wall clock moved ahead by `aheadMs`. */
  slip(aheadMs: number): void {
    // For their server they are older by that.
    this.#beganAtMs -= aheadMs;
    this.#watch.slip(aheadMs);
  }

  /** Does now what is overdue, before anybody uses credentials that have ended. */
  catchUp(): void {
    this.#watch.catchUp();
  }

  /** Credentials are needed until `neededUntilMs` only. */
  quiesce(neededUntilMs: number): void {
    this.#watch.quiesce(neededUntilMs);
  }

  /** The application stops: those in force are watched no more. */
  stop(): void {
    this.#watch.stop();
    this.#state = nextRotationState(this.#state, { type: 'stopped' });
  }

  #supersede(): void {
    this.#inForce.abort(replaced());
    this.#inForce = new AbortController();
  }

  #expire(stoodStill: boolean): void {
    const { emit, onDue, onOverdue } = this.#options;
    const held = this.#current;
    if (held === undefined) return;
    const isAwaited = stoodStill && failureOf(this.#state) === undefined;
    this.#state = nextRotationState(this.#state, { type: 'expired' });
    if (!isAwaited) this.#refuse();
    emit({ type: 'credentialsExpired', generation: held.number });
    if (this.failureInForce === undefined) onDue('retry');
    if (isAwaited) onOverdue(held, () => this.#current === held && this.#refuse());
  }

  #refuse(): void {
    this.#options.onExpired(credentialsExpired(this.#options.source, failureOf(this.#state)?.error));
  }
}
