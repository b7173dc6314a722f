import type { IssuedCredential } from '../credentials/issued-credential.js';

/** Credentials that wait for a database that could not be reached: they may work, so they are proved again before others are made. */
export class UnprovedCredential {
  #issued: IssuedCredential | undefined;
  #unsubscribe: (() => void) | undefined;

  get isKept(): boolean {
    return this.#issued !== undefined;
  }

  /** Keeps `issued`, until it is lost. */
  keep(issued: IssuedCredential): void {
    this.#issued = issued;
    this.#unsubscribe = issued.subscribe((event) => {
      if (event.type === 'lost') this.take()?.release();
    });
  }

  /** Hands out what is kept, and keeps it no more. */
  take(): IssuedCredential | undefined {
    const issued = this.#issued;
    this.#unsubscribe?.();
    this.#issued = undefined;
    this.#unsubscribe = undefined;
    return issued;
  }
}
