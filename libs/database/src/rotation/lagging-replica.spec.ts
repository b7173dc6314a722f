import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import type { CredentialSource } from '../credentials/credential-source.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import type { RotatablePool } from '../pool/rotatable-pool.js';
import { RotationController } from './rotation-controller.js';
import { pool as quietPool } from './rotation-stage.fixture.js';

const periodMs = 600_000;

const numberedPassword = (n: number): DatabaseCredential => new DatabaseCredential({ username: 'app', password: `p${n}` });

/** A static role, whose password is known to a server some time after Vault, or somebody else, changed it. */
class Changing {
  readonly clock = new ManualClock();
  repairs = 0;
  readonly #changes = [{ credential: numberedPassword(1), atMs: 0, knownFromMs: Number.NEGATIVE_INFINITY }];
  /** What Vault shows, and what the servers got, where somebody changed it by hand. */
  #changedByHand = false;
  readonly source: CredentialSource = {
    name: 'database/static-creds/app',
    mints: false,
    issue: async () => {
      const { credential, atMs } = this.#changes.at(-1)!;
      return {
        credential,
        issuedAtMs: atMs,
        expiresAtMs: Math.max(this.clock.nowMs() + 1_000, atMs + periodMs),
        atExpiry: 'replaced',
        extendable: false,
        subscribe: () => () => undefined,
        shorten: async () => undefined,
        revoke: async () => undefined,
        release: () => undefined,
      };
    },
    repair: async () => {
      this.repairs += 1;
      this.#changedByHand = false;
      this.change();
      return true;
    },
  };
  readonly controller = new RotationController({
    source: this.source,
    adapter: {} as DriverAdapter,
    clock: this.clock,
    random: () => 0,
  });

  change(): void {
    const atMs = this.clock.nowMs();
    this.#changes.push({ credential: numberedPassword(this.#changes.length + 1), atMs, knownFromMs: atMs });
  }

  changeByHand(): void {
    this.#changedByHand = true;
    this.change();
  }

  /** The pool of a server that learns of a password `lagMs` late. */
  async pool(lagMs: number): Promise<void> {
    const pool: RotatablePool = {
      ...quietPool,
      prepare: async (numbered, options) => {
        const known = this.#changes.findLast(({ knownFromMs }) => knownFromMs + lagMs <= this.clock.nowMs());
        if (!this.#changedByHand && known?.credential.equals(numbered.credential) === true) return quietPool.prepare(numbered, options);
        throw new LoginRejectedError('refused', { reason: '28P01', setting: 'credentials' });
      },
    };
    await this.controller.admit(pool);
  }

  /** Of the static role, at the end of its period. */
  async rotated(): Promise<void> {
    await this.clock.advance(periodMs - 1);
    this.change();
    await this.clock.advance(1);
  }
}

describe('A static role whose password one pool accepts and another one does not', () => {
  it.each([2_000, 10_000, 45_000])('is not repaired while that may be a replica that lags by %i ms', async (lagMs) => {
    const role = new Changing();
    await role.pool(0);
    await role.pool(lagMs);
    await role.rotated();
    await role.clock.advance(lagMs + 5_000);
    expect(role.repairs).toBe(0);
    expect(role.controller.snapshot()).toMatchObject({ rotations: 1, lastFailure: undefined });
  });

  it('is repaired where that goes on, as the one that accepts it may accept any', async () => {
    const role = new Changing();
    await role.pool(0);
    await role.pool(1e12);
    await role.rotated();
    await role.clock.advance(300_000);
    expect(role.repairs).toBeGreaterThanOrEqual(2);
    expect(role.repairs).toBeLessThanOrEqual(5);
  });
});

describe('A static role whose password no pool accepts', () => {
  it('is repaired after three seconds', async () => {
    const role = new Changing();
    await role.pool(0);
    await role.pool(0);
    await role.clock.advance(periodMs - 1);
    role.changeByHand();
    await role.clock.advance(10_000);
    expect(role.repairs).toBe(1);
    expect(role.controller.snapshot()).toMatchObject({ rotations: 1, lastFailure: undefined });
  });
});
