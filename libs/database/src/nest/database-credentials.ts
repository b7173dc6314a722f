import type { RotationController } from '../rotation/rotation-controller.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';
import type { RotationSnapshot } from '../rotation/report/rotation-snapshot.js';

/** The credentials that a data source works with, as far as an application needs to see them. */
export class DatabaseCredentials {
  readonly #controller: RotationController;

  /** Made by `DatabaseModule`; inject it. */
  constructor(controller: RotationController) {
    this.#controller = controller;
  }

  /** When the current ones end, or, for a static role, change; undefined before the first connection. */
  get expiresAt(): Date | undefined {
    const { expiresAt } = this.snapshot();
    return expiresAt === undefined ? undefined : new Date(expiresAt);
  }

  /** Number of the current ones: grows with each rotation. Undefined before the first connection. */
  get generation(): number | undefined {
    return this.snapshot().generation;
  }

  /**
   * Replaces them now. Resolves after the flip; the old ones drain meanwhile. Joins a rotation that is under way. May be called in a loop:
   * Vault is asked once a second at the most while it fails, and who calls sooner gets the last failure.
   * @throws why they could not be replaced (VaultError or DatabaseError); the old ones serve on
   */
  refreshNow(): Promise<void> {
    return this.#controller.refreshNow();
  }

  /** State, time left, rotations and pools at this moment, without a secret. */
  snapshot(): RotationSnapshot {
    return this.#controller.snapshot();
  }

  /** @returns removes the listener */
  subscribe(listener: (event: RotationEvent) => void): () => void {
    return this.#controller.subscribe(listener);
  }
}
