import type { CredentialInUse } from '../lifetime/credential-in-use.js';
import type { RotationReason } from '../lifetime/rotation-event.js';
import { drainDeadline } from '../lifetime/schedule/rotation-schedule.js';
import { issuedEvent, rotatedEvent } from '../lifetime/supply-events.js';
import { prepareReplacement } from './flip/prepare-replacement.js';
import { revoke } from './retirement/revoke.js';
import type { Retirements } from './retirement/retirements.js';
import type { RotationParts } from './rotation-parts.js';

/**
 * The tries to put credentials in force: the first ones, and those that replace others. Of each kind one try at a time is under way, and
 * whoever asks meanwhile joins it.
 */
export class Rotations {
  readonly #parts: RotationParts;
  readonly #retirements: Retirements;
  #count = 0;
  #first: Promise<CredentialInUse> | undefined;
  #flight: Promise<void> | undefined;
  /** The end of credentials with which a pool could not start. */
  readonly #rejections = new Set<Promise<void>>();

  constructor(parts: RotationParts, retirements: Retirements) {
    this.#parts = parts;
    this.#retirements = retirements;
  }

  /** Replacements that succeeded, since the start. */
  get count(): number {
    return this.#count;
  }

  /** The rotation that is under way, if there is one. */
  get underWay(): Promise<void> | undefined {
    return this.#flight;
  }

  /** Resolves when nothing is under way any more. Never rejects. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#flight, this.#first, ...this.#rejections]);
  }

  /** Replaces the credentials in force, or obtains the first ones. @throws why that failed; those in force serve on */
  rotate(reason: RotationReason): Promise<void> {
    this.#flight ??= this.#attempt(reason).finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  /** The first credentials. Several pools that start together share them. */
  obtain(): Promise<CredentialInUse> {
    this.#first ??= this.#obtainOnce().finally(() => (this.#first = undefined));
    return this.#first;
  }

  /** Gives up `held`, with which no pool could start because of `error`. Nothing happens where they are not in force, or a pool uses them. */
  async reject(held: CredentialInUse, error: unknown): Promise<void> {
    const { lifetime, pools, supply } = this.#parts;
    if (lifetime.current !== held || pools.size > 0) return;
    lifetime.end();
    const rejection = supply.discard(held.issued, error).finally(() => this.#rejections.delete(rejection));
    this.#rejections.add(rejection);
    await rejection;
  }

  /** Takes the credentials in force and the unproved ones: the caller has to end them. */
  takeLeft(): readonly CredentialInUse[] {
    const { lifetime, supply } = this.#parts;
    const [held, unproved] = [lifetime.end(), supply.takeUnproved()];
    return [held, unproved && lifetime.number(unproved)].filter((one) => one !== undefined);
  }

  async #attempt(reason: RotationReason): Promise<void> {
    const { stopping, lifetime, pools } = this.#parts;
    stopping.throwIfAborted();
    try {
      const { current } = lifetime;
      if (current === undefined) await this.obtain();
      else if (pools.size > 0) await this.#replace(current, reason);
      // No pool uses credentials that are due: the next pool asks for its own.
      else for (const left of this.takeLeft()) this.#retirements.begin(left, []);
    } catch (error) {
      if (!stopping.aborted) lifetime.failed(error as Error, reason);
      throw error;
    }
  }

  async #replace(from: CredentialInUse, reason: RotationReason): Promise<void> {
    const { rotation, clock, lifetime, pools, emit } = this.#parts;
    const startedAtMs = clock.nowMs();
    const { next, flip } = await prepareReplacement(from, reason, this.#parts);
    // Not `from` where every pool has closed meanwhile, and a new one could not start with `from`: it has others, or waits for them.
    const inForce = lifetime.current;
    const replaced = inForce ?? from;
    const deadline = rotation.onDrainDeadline === 'wait' ? undefined : drainDeadline(replaced.issued, clock.nowMs(), rotation.drainMs);
    const drains = flip.commit(deadline);
    lifetime.begin(next);
    this.#count += 1;
    if (inForce !== undefined) this.#retirements.begin(inForce, drains);
    const nowMs = clock.nowMs();
    emit(rotatedEvent(replaced, next, { reason, durationMs: nowMs - startedAtMs, pools: pools.size, nowMs }));
  }

  async #obtainOnce(): Promise<CredentialInUse> {
    const { stopping, lifetime, supply, clock, emit } = this.#parts;
    stopping.throwIfAborted();
    const held = lifetime.number(await supply.next({ signal: stopping }));
    if (stopping.aborted) await revoke(held, this.#parts);
    stopping.throwIfAborted();
    const { current } = lifetime;
    if (current !== undefined) {
      // A rotation that began before has put others in force meanwhile.
      this.#retirements.begin(held, []);
      return current;
    }
    lifetime.begin(held);
    emit(issuedEvent(held, clock.nowMs()));
    return held;
  }
}
