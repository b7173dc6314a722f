import type { Generation } from './generation.js';

/** Where there is no room for a new generation: the active one closes a connection, and opens none until the new one has its own. */
export class SlotHandOver {
  #isMade = false;
  #isOwed = false;

  /** Whether the active generation may open no connection now: it would take its place back. */
  get blocksGrowth(): boolean {
    return this.#isMade;
  }

  /** Whether the next connection that comes back is to be closed. */
  get isOwed(): boolean {
    return this.#isOwed;
  }

  /** Closes an idle connection of `active`, or the next one that comes back where none is idle. */
  make(active: Generation): void {
    this.#isMade = true;
    if (active.native.idleCount === 0) this.#isOwed = true;
    else active.acquire({ acquired: (checkout) => active.giveBack(checkout, true), notAcquired: () => undefined }, undefined);
  }

  /** A new connection of the active generation is open. It was begun before `make()`, and may have taken the place that was made. */
  overtake(): void {
    if (this.#isMade) this.#isOwed = true;
  }

  /** A connection comes back. @returns whether it has to be closed */
  settle(): boolean {
    const isOwed = this.#isOwed;
    this.#isOwed = false;
    return isOwed;
  }

  end(): void {
    this.#isMade = false;
    this.#isOwed = false;
  }
}
