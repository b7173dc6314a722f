import type { DatabaseCredential } from '../database-credential.js';
import type { IssuedCredential } from '../issued-credential.js';

export interface StaticLife {
  readonly readAtMs: number;
  /** Until the next rotation, as the API says. */
  readonly ttlMs: number;
  /** Between rotations; 0 for a role that rotates on a schedule. */
  readonly periodMs: number;
}

/** The password that a static role has now. There is no lease: nothing to renew, to shorten or to revoke. */
export class StaticCredential implements IssuedCredential {
  readonly credential: DatabaseCredential;
  readonly atExpiry = 'replaced';
  readonly extendable = false;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;

  constructor(credential: DatabaseCredential, life: StaticLife) {
    this.credential = credential;
    this.expiresAtMs = life.readAtMs + life.ttlMs;
    this.issuedAtMs = life.periodMs >= life.ttlMs && life.periodMs > 0 ? this.expiresAtMs - life.periodMs : life.readAtMs;
  }

  subscribe(): () => void {
    return () => undefined;
  }

  async shorten(): Promise<void> {}

  async revoke(): Promise<void> {}

  release(): void {}
}
