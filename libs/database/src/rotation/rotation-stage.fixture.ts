import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import type { CredentialEvent } from '../credentials/credential-event.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { Draining } from '../generations/prepared-generation.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { RotationController } from './rotation-controller.js';
import type { RotationEvent } from '../lifetime/rotation-event.js';

/** Credentials whose source the spec plays. */
export class PlayedCredential implements IssuedCredential {
  readonly atExpiry = 'unusable';
  readonly extendable = false;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  revocations = 0;
  releases = 0;
  onRevoke: () => Promise<void> = () => Promise.resolve();
  announce: (event: CredentialEvent) => void = () => undefined;

  constructor(
    clock: ManualClock,
    readonly credential: DatabaseCredential,
    lifeMs = 600_000,
  ) {
    this.issuedAtMs = clock.nowMs();
    this.expiresAtMs = clock.nowMs() + lifeMs;
  }

  subscribe(listener: (event: CredentialEvent) => void): () => void {
    this.announce = listener;
    return () => undefined;
  }

  async shorten(): Promise<void> {}

  revoke(): Promise<void> {
    this.revocations += 1;
    return this.onRevoke();
  }

  release(): void {
    this.releases += 1;
  }
}

const drained: Draining = { done: Promise.resolve({ terminated: 0 }), setDeadline: () => undefined };
/** A pool that proves whatever it is given, and has no users. */
export const pool: RotatablePool = {
  prepare: () => Promise.resolve({ commit: () => drained, abort: () => undefined }),
  adopt: () => ({ commit: () => drained, abort: () => undefined }),
  proveActive: () => Promise.resolve(undefined),
  withhold: () => () => undefined,
  suspend: () => undefined,
  quiet: () => Promise.resolve(),
  close: () => Promise.resolve(),
  snapshot: () => ({
    target: 'played',
    generation: 1,
    max: 1,
    maxConnections: 2,
    inUse: 0,
    idle: 0,
    waiting: 0,
    connections: 0,
    draining: [],
    outage: undefined,
    refusal: undefined,
  }),
};

/** A controller on a clock and a source that the spec plays. */
export class Stage {
  readonly clock = new ManualClock();
  readonly issued: PlayedCredential[] = [];
  readonly events: RotationEvent[] = [];
  readonly askedAtMs: number[] = [];
  beforeIssue: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  issuedLifeMs = 600_000;
  /** Called with what is issued. */
  spoil: (issued: PlayedCredential) => void = () => undefined;
  readonly controller: RotationController;

  constructor({ random = () => 0 }: { readonly random?: () => number } = {}) {
    this.controller = new RotationController({
      source: { name: 'database/creds/reader', mints: true, issue: (signal) => this.#issue(signal) },
      adapter: {} as DriverAdapter,
      clock: this.clock,
      random,
      rotation: { shutdownMs: 10_000 },
    });
    this.controller.subscribe((event) => this.events.push(event));
  }

  async #issue(signal: AbortSignal): Promise<IssuedCredential> {
    this.askedAtMs.push(this.clock.nowMs());
    await this.beforeIssue(signal);
    const issued = new PlayedCredential(this.clock, new DatabaseCredential({ username: `u${this.issued.length + 1}` }), this.issuedLifeMs);
    this.issued.push(issued);
    this.spoil(issued);
    return issued;
  }
}
