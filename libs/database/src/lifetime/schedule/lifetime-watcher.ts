import type { CredentialEvent } from '../../credentials/credential-event.js';
import type { Clock } from '@keyturn/vault';
import { stoodStill } from '../../support/stood-still.js';
import { Alarm } from './alarm.js';
import type { CredentialInUse } from '../credential-in-use.js';
import { ExtensionLimit } from './extension-limit.js';
import { nextPlan, noPlan, type PlanStep, type ReplacementPlan } from './replacement-plan.js';
import type { RotationReason } from '../rotation-event.js';
import type { ResolvedRotationOptions } from '../../options/rotation-options.js';
import { dueAfterJumpMs } from './rotation-schedule.js';

export interface LifetimeWatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly rotation: ResolvedRotationOptions;
  /** How long the last credentials took from the request to their proof. Default 0. */
  readonly leadMs?: () => number;
  readonly onDue: (reason: RotationReason) => void;
  /**
   * The end has passed. Not called for a static role, which lives on.
   * @param stoodStill whether the process stood still at their end, or when their replacement was due
   */
  readonly onExpired: (stoodStill: boolean) => void;
}

/** Says when the current credentials have to be replaced: one alarm for that, one for their end, and the events of their source. */
export class LifetimeWatcher {
  readonly #options: LifetimeWatcherOptions;
  readonly #limit = new ExtensionLimit();
  readonly #due: Alarm;
  readonly #end: Alarm;
  #plan: ReplacementPlan = noPlan;
  #held: CredentialInUse | undefined;
  #unsubscribe: (() => void) | undefined;
  #slippedMs = 0;
  #stoodStill = false;
  #neededUntilMs = Number.POSITIVE_INFINITY;

  constructor(options: LifetimeWatcherOptions) {
    const { clock } = options;
    this.#options = options;
    this.#due = new Alarm({ clock, name: 'database:rotation', onRing: (atMs) => this.#fallDue(atMs) });
    this.#end = new Alarm({ clock, onRing: () => this.#fallEnded() });
  }

  /** Watches `held` instead of what it watched before. */
  start(held: CredentialInUse): void {
    this.stop();
    this.#held = held;
    this.#limit.began(held.issued);
    this.#slippedMs = 0;
    this.#stoodStill = false;
    this.#unsubscribe = held.issued.subscribe((event) => this.#onEvent(held, event));
    this.#arm(held);
  }

  /** The try to replace them failed: the next one is due at `retryAtMs`. */
  retryAt(retryAtMs: number): void {
    if (this.#held !== undefined) this.#step({ type: 'failed', retryAtMs });
  }

  /** Credentials are needed until `neededUntilMs` only: those that live longer are not replaced any more, unless they are lost or refused. */
  quiesce(neededUntilMs: number): void {
    this.#neededUntilMs = neededUntilMs;
    if (this.#held !== undefined && this.#suffices(this.#held)) this.#step({ type: 'sufficed' });
  }

  /** The database accepts new credentials after another time than was known. */
  replan(): void {
    if (this.#held !== undefined) this.#arm(this.#held);
  }

  /** The wall clock moved ahead by `aheadMs`: an end that cannot be moved may come sooner by that, as the server counts on. */
  slip(aheadMs: number): void {
    this.#slippedMs += aheadMs;
    this.replan();
  }

  /** Says now what a timer should have said: after a standstill of the process a caller may come before the timer. */
  catchUp(): void {
    this.#due.catchUp();
    this.#end.catchUp();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#step({ type: 'dropped' });
    this.#end.clear();
    this.#held = undefined;
  }

  #arm(held: CredentialInUse): void {
    this.#step(this.#suffices(held) ? { type: 'sufficed' } : { type: 'reckoned', atMs: this.#dueMs(held) });
    if (held.issued.atExpiry === 'unusable') this.#end.set(held.issued.expiresAtMs);
  }

  #dueMs({ issued }: CredentialInUse): number {
    const { rotation, random, leadMs } = this.#options;
    const dueMs = this.#limit.dueMs(issued, { ...rotation, random: random(), leadMs: leadMs?.() ?? 0 });
    return dueAfterJumpMs(this.#limit.counted(issued), dueMs, this.#slippedMs);
  }

  #step(step: PlanStep): void {
    const plan = nextPlan(this.#plan, step);
    if (plan === this.#plan) return;
    this.#plan = plan;
    if (plan.kind === 'none') this.#due.clear();
    else this.#due.set(plan.atMs);
  }

  #fallDue(dueAtMs: number): void {
    const { kind } = this.#plan;
    this.#stoodStill ||= stoodStill(dueAtMs, this.#options.clock.nowMs());
    this.#step({ type: 'fellDue' });
    if (kind !== 'none') this.#options.onDue(kind);
  }

  #fallEnded(): void {
    const held = this.#held;
    const nowMs = this.#options.clock.nowMs();
    if (held === undefined) return;
    if (nowMs < held.issued.expiresAtMs) this.#end.set(held.issued.expiresAtMs);
    else this.#options.onExpired(this.#stoodStill || stoodStill(held.issued.expiresAtMs, nowMs));
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
    if (event.type === 'ending' && event.reason === 'truncated') this.#limit.reached(held.issued);
    if (!this.#suffices(held)) this.#options.onDue(event.type);
  }

  #suffices(held: CredentialInUse): boolean {
    return !held.lost && held.issued.expiresAtMs > this.#neededUntilMs;
  }
}
