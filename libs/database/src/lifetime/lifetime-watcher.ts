import type { CredentialEvent } from '../credentials/credential-event.js';
import type { Clock } from '@keyturn/vault';
import { stoodStill } from '../support/stood-still.js';
import type { CredentialInUse } from './credential-in-use.js';
import type { RotationReason } from './rotation-event.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import { dueAfterJumpMs, lastMomentMs, rotationDueMs, wasNeverExtended, type Life } from './rotation-schedule.js';

export interface LifetimeWatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly rotation: ResolvedRotationOptions;
  /** How long the last credentials took from the request to their proof. Default 0. */
  readonly leadMs?: () => number;
  readonly onDue: (reason: RotationReason) => void;
  /**
   * The end has passed; not called for a static role, which lives on.
   * @param stoodStill whether the process stood still at their end, or when their replacement was due
   */
  readonly onExpired: (stoodStill: boolean) => void;
}

/** Says when the current credentials have to be replaced: one timer for that, one for their end, and the events of their source. */
export class LifetimeWatcher {
  readonly #options: LifetimeWatcherOptions;
  #held: CredentialInUse | undefined;
  #unsubscribe: (() => void) | undefined;
  #cancelDue: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;
  #dueFor: RotationReason | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #endAtMs = Number.POSITIVE_INFINITY;
  #bornAtMs = 0;
  #slippedMs = 0;
  #firstLifeMs = 0;
  #isEndFixed = false;
  #stoodStill = false;
  /** From the birth of earlier ones to the end beyond which Vault did not extend them; so it will be with the next ones. */
  #longestLifeMs = Number.POSITIVE_INFINITY;
  #neededUntilMs = Number.POSITIVE_INFINITY;

  constructor(options: LifetimeWatcherOptions) {
    this.#options = options;
  }

  /** Watches `held` instead of what it watched before. */
  start(held: CredentialInUse): void {
    this.stop();
    this.#held = held;
    this.#bornAtMs = held.issued.issuedAtMs;
    this.#slippedMs = 0;
    this.#stoodStill = false;
    this.#firstLifeMs = held.issued.expiresAtMs - held.issued.issuedAtMs;
    this.#unsubscribe = held.issued.subscribe((event) => this.#onEvent(held, event));
    this.#arm(held);
  }

  /** The try to replace them failed: the next one is due at `atMs`. */
  retryAt(atMs: number): void {
    if (this.#held !== undefined) this.#setDue(atMs, 'retry');
  }

  /** Credentials are needed until `neededUntilMs` only: those that live longer are replaced no more, unless they are lost or refused. */
  quiesce(neededUntilMs: number): void {
    this.#neededUntilMs = neededUntilMs;
    if (this.#held !== undefined && this.#suffices(this.#held) && this.#dueFor === 'scheduled') this.#clearDue();
  }

  /** New ones take another time to be accepted than was known. */
  replan(): void {
    if (this.#held !== undefined) this.#arm(this.#held);
  }

  /** The wall clock moved ahead by `aheadMs`: an end that cannot be moved may come sooner by that, as the server counts on. */
  slip(aheadMs: number): void {
    this.#slippedMs += aheadMs;
    this.replan();
  }

  /**
   * Says now what a timer should have said: after the process stood still, timers fire in the order in which they were due, and callers'
   * own may be among the first.
   */
  catchUp(): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs >= this.#dueAtMs) this.#fallDue();
    if (nowMs >= this.#endAtMs) this.#fallEnded();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#clearDue();
    this.#clearEnd();
    this.#held = undefined;
    this.#dueFor = undefined;
  }

  #arm(held: CredentialInUse): void {
    // A longer life does not make up for a replacement that failed: it was asked for, or needed, and its next try stays due.
    if (this.#dueFor !== 'retry') {
      if (this.#suffices(held)) this.#clearDue();
      else this.#setDue(this.#dueMs(held), 'scheduled');
    }
    if (held.issued.atExpiry === 'unusable') this.#watchEnd(held);
  }

  #dueMs(held: CredentialInUse): number {
    const dueMs = this.#countedDueMs(held);
    return this.#slippedMs === 0 ? dueMs : dueAfterJumpMs(this.#lifeOf(held), dueMs, this.#slippedMs);
  }

  #countedDueMs(held: CredentialInUse): number {
    const { rotation, random } = this.#options;
    const leadMs = this.#options.leadMs?.() ?? 0;
    const dueMs = rotationDueMs(this.#lifeOf(held), { ...rotation, random: random(), leadMs });
    const longestLifeMs = Math.max(this.#longestLifeMs, held.issued.expiresAtMs - this.#bornAtMs);
    return Number.isFinite(longestLifeMs) ? Math.min(dueMs, this.#bornAtMs + lastMomentMs(longestLifeMs, leadMs)) : dueMs;
  }

  /** What Vault calls renewable may have shown before that it is not: then the drain has to fit as well, before an end that is near. */
  #lifeOf({ issued: { issuedAtMs, expiresAtMs, atExpiry, extendable } }: CredentialInUse): Life {
    return { issuedAtMs, expiresAtMs, atExpiry, extendable: extendable && !this.#isEndFixed };
  }

  #setDue(atMs: number, reason: RotationReason): void {
    const { clock } = this.#options;
    this.#clearDue();
    this.#dueFor = reason;
    this.#dueAtMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#cancelDue = clock.setTimer(() => this.#fallDue(), Math.max(0, atMs - clock.nowMs()), 'database:rotation');
  }

  #fallDue(): void {
    const reason = this.#dueFor;
    this.#stoodStill ||= stoodStill(this.#dueAtMs, this.#options.clock.nowMs());
    this.#clearDue();
    this.#dueFor = undefined;
    if (reason !== undefined) this.#options.onDue(reason);
  }

  #clearDue(): void {
    this.#cancelDue?.();
    this.#dueAtMs = Number.POSITIVE_INFINITY;
  }

  #watchEnd(held: CredentialInUse): void {
    const { clock } = this.#options;
    this.#clearEnd();
    this.#endAtMs = held.issued.expiresAtMs;
    if (this.#endAtMs === Number.POSITIVE_INFINITY) return;
    this.#cancelEnd = clock.setTimer(() => this.#fallEnded(), Math.max(0, this.#endAtMs - clock.nowMs()));
  }

  #fallEnded(): void {
    const held = this.#held;
    const nowMs = this.#options.clock.nowMs();
    this.#clearEnd();
    if (held === undefined) return;
    if (nowMs < held.issued.expiresAtMs) this.#watchEnd(held);
    else this.#options.onExpired(this.#stoodStill || stoodStill(held.issued.expiresAtMs, nowMs));
  }

  #clearEnd(): void {
    this.#cancelEnd?.();
    this.#endAtMs = Number.POSITIVE_INFINITY;
  }

  #onEvent(held: CredentialInUse, event: CredentialEvent): void {
    if (this.#held !== held) return;
    if (event.type === 'changed') {
      this.#slippedMs = 0;
      this.#stoodStill = false;
      this.#arm(held);
      return;
    }
    if (event.type === 'lost') held.lost = true;
    if (event.type === 'ending' && event.reason === 'truncated') {
      this.#longestLifeMs = held.issued.expiresAtMs - this.#bornAtMs;
      this.#isEndFixed = wasNeverExtended(this.#bornAtMs, this.#firstLifeMs, held.issued.expiresAtMs);
    }
    if (this.#suffices(held)) return;
    this.#options.onDue(event.type);
  }

  #suffices(held: CredentialInUse): boolean {
    return !held.lost && held.issued.expiresAtMs > this.#neededUntilMs;
  }
}
