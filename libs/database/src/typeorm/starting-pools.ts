import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { PoolOwner } from '../pool/pool-owner.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import type { RotationController } from '../rotation/rotation-controller.js';

/**
 * The pools with which a data source starts: all of them or none. When one pool cannot start, TypeORM forgets the others that did, and
 * @nestjs/typeorm then builds a new data source. The forgotten pools would be rotated for nobody, so they are closed here.
 */
export class StartingPools implements PoolOwner {
  readonly #controller: RotationController;
  readonly #size: number;
  readonly #admissions = new Map<RotatablePool, Promise<void>>();
  #started = 0;

  /** @param size pools of one data source: the master and its replicas */
  constructor(controller: RotationController, size: number) {
    this.#controller = controller;
    this.#size = size;
  }

  async admit(pool: RotatablePool): Promise<void> {
    const admission = this.#controller.admit(pool);
    this.#admissions.set(pool, admission);
    try {
      await admission;
    } catch (error) {
      if (this.#admissions.delete(pool)) this.#takeBack(error);
      throw error;
    }
    if (this.#admissions.has(pool)) this.#started += 1;
    if (this.#started === this.#size) this.#forget();
  }

  dismiss(pool: RotatablePool): void {
    this.#controller.dismiss(pool);
  }

  catchUp(): void {
    this.#controller.catchUp();
  }

  loginRejected(credential: DatabaseCredential, sqlState: string): Promise<void> {
    return this.#controller.loginRejected(credential, sqlState);
  }

  roleSuspected(pool: RotatablePool, credential: DatabaseCredential): Promise<void> {
    return this.#controller.roleSuspected(pool, credential);
  }

  #takeBack(error: unknown): void {
    const others = new Map(this.#admissions);
    // At once, as the next data source may start before this turn is over.
    this.#forget();
    // But not before the callers of the pool that failed are told: TypeORM reports the first rejection that it gets.
    setImmediate(() => void this.#close(others, error));
  }

  async #close(others: ReadonlyMap<RotatablePool, Promise<void>>, error: unknown): Promise<void> {
    await Promise.allSettled([...Array.from(others.keys(), (pool) => pool.close(undefined)), ...others.values()]);
    await this.#controller.startFailed(error);
  }

  #forget(): void {
    this.#admissions.clear();
    this.#started = 0;
  }
}
