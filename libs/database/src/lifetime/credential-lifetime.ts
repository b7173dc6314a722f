import type { Clock } from '@keyturn/vault';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import { errorFacts } from '../errors/error-facts.js';
import type { CredentialInUse } from './credential-in-use.js';
import { LifetimeWatcher } from './schedule/lifetime-watcher.js';
import type { RotationEvent, RotationReason } from './rotation-event.js';
import { credentialsExpired, replaced } from '../errors/rotation-faults.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import {
  failureInForce,
  failureOf,
  heldIn,
  nextRotationState,
  retryAfterMs,
  type RotationFailure,
  type RotationState,
} from './rotation-state.js';

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
  /** The credentials in force have to be replaced now. */
  readonly onDue: (reason: RotationReason) => void;
  /** The credentials in force have ended, and there are no others: callers get `error`. */
  readonly onExpired: (error: Error) => void;
  /**
   * `held` have ended while the process stood still, before any try to replace them failed. Callers wait for the next credentials.
   * @param refuse gives callers an error instead
   */
  readonly onOverdue: (held: CredentialInUse, refuse: () => void) => void;
}

/**
 * The credentials in force: which they are, how they stand, and when they have to go.
 *
 * The folder `lifetime/` decides when credentials are replaced, when their callers are told that they have ended, and when a try that failed
 * is repeated. It does not ask for credentials (`supply/`), and it does not move a pool to them (`rotation/`). `schedule/` reckons the
 * moments, `rotation-state.ts` holds the state.
 */
export class CredentialLifetime {
  readonly #options: CredentialLifetimeOptions;
  readonly #watch: LifetimeWatcher;
  #state: RotationState = { kind: 'idle' };
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
    return heldIn(this.#state);
  }

  /** Aborts when the credentials that are in force now are replaced or given up. */
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
    this.#beganAtMs = this.#options.clock.nowMs();
    this.#state = nextRotationState(this.#state, { type: 'supplied', held });
    this.#watch.start(held);
  }

  /**
   * The database refuses a log-in with the credentials in force.
   * @returns how long they have been in force, in milliseconds; undefined where the refusal was reported before
   */
  refused(): number | undefined {
    const held = this.current;
    if (held === undefined || held.refused) return undefined;
    held.refused = true;
    return this.#options.clock.nowMs() - this.#beganAtMs;
  }

  /** From now on no credentials are in force. @returns those that were */
  end(): CredentialInUse | undefined {
    const held = this.current;
    this.#supersede();
    this.#watch.stop();
    this.#state = nextRotationState(this.#state, { type: 'dropped' });
    return held;
  }

  /** A try to replace the credentials failed: the next one is due after a pause. */
  failed(error: Error, reason: RotationReason): void {
    const { clock, random, availableAtMs, emit } = this.#options;
    // After a standstill this failure may be heard before the timer of the end.
    this.catchUp();
    const pausedUntilMs = retryAfterMs(this.#state, clock.nowMs(), random());
    const retryAtMs = Math.max(pausedUntilMs, availableAtMs());
    this.#failures += 1;
    this.#state = nextRotationState(this.#state, { type: 'failed', error, retryAtMs });
    this.#watch.retryAt(retryAtMs);
    emit({ type: 'rotationFailed', reason, ...errorFacts(error), retryInMs: Math.round(retryAtMs - clock.nowMs()) });
  }

  /** The database accepts new credentials after another time than was known. */
  replan(): void {
    this.#watch.replan();
  }

  /** The wall clock moved ahead by `aheadMs`. */
  slip(aheadMs: number): void {
    // Their server counts them as older by that.
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

  /** The application stops: the credentials in force are not watched any more. */
  stop(): void {
    this.#watch.stop();
    this.#state = nextRotationState(this.#state, { type: 'stopped' });
  }

  #supersede(): void {
    this.#inForce.abort(replaced());
    this.#inForce = new AbortController();
  }

  /**
   * Callers wait (`onOverdue`) where the process stood still and no try to replace the credentials has failed. In all other cases they are
   * told at once: a first try that is still under way may hang as long as Vault does.
   */
  #expire(stoodStill: boolean): void {
    const { emit, onDue, onOverdue } = this.#options;
    const held = this.current;
    if (held === undefined) return;
    const isAwaited = stoodStill && failureOf(this.#state) === undefined;
    this.#state = nextRotationState(this.#state, { type: 'expired' });
    if (!isAwaited) this.#refuse();
    emit({ type: 'credentialsExpired', generation: held.number });
    if (this.failureInForce === undefined) onDue('retry');
    if (isAwaited) onOverdue(held, () => this.current === held && this.#refuse());
  }

  #refuse(): void {
    this.#options.onExpired(credentialsExpired(this.#options.source, failureOf(this.#state)?.error));
  }
}
