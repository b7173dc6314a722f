import type { IssuedCredential } from '../credentials/issued-credential.js';

/** Credentials that wait for a database which could not be reached. They may work: they are proved again before others are issued. */
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

  /** Hands out the credentials that are kept, and keeps them no longer. */
  take(): IssuedCredential | undefined {
    const issued = this.#issued;
    this.#unsubscribe?.();
    this.#issued = undefined;
    this.#unsubscribe = undefined;
    return issued;
  }
}
