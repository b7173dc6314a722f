import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import { StaticCredential } from '../credentials/roles/static-credential.js';
import { resolveRotationOptions } from '../options/resolve-rotation-options.js';
import { PasswordReader } from './password-reader.js';

const { signal } = new AbortController();
const one = new DatabaseCredential({ username: 'app', password: 'one' });
const two = new DatabaseCredential({ username: 'app', password: 'two' });

/** A static role whose password the spec changes. */
class Role {
  readonly clock = new ManualClock();
  current = one;
  ttlMs = 0;
  reads = 0;
  repairs = 0;
  readonly reader = new PasswordReader({
    source: {
      name: 'database/static-creds/app',
      mints: false,
      issue: async () => {
        this.reads += 1;
        return new StaticCredential(this.current, { readAtMs: this.clock.nowMs(), ttlMs: this.ttlMs, periodMs: 60_000 });
      },
      repair: async () => {
        this.repairs += 1;
        this.current = two;
        return true;
      },
    },
    rotation: resolveRotationOptions(),
    clock: this.clock,
    random: () => 0,
  });
}

describe('PasswordReader', () => {
  it('reads once where any password will do', async () => {
    const role = new Role();
    expect((await role.reader.read({ signal })).credential).toBe(one);
    expect(role.reads).toBe(1);
  });

  it('reads again until the password is another one', async () => {
    const role = new Role();
    const read = role.reader.read({ signal, insteadOf: one });
    await role.clock.advance(1_000);
    role.current = two;
    await role.clock.advance(1_000);
    expect((await read).credential).toBe(two);
    expect(role.repairs).toBe(0);
  });

  it('returns the same password where Vault says that it stays, and the database does not refuse it', async () => {
    const role = new Role();
    role.ttlMs = 30_000;
    expect((await role.reader.read({ signal, insteadOf: one, refused: async () => false })).credential).toBe(one);
  });

  it('has a refused password repaired after three seconds, although Vault says that it stays', async () => {
    const role = new Role();
    role.ttlMs = 30_000;
    const read = role.reader.read({ signal, insteadOf: one, refused: async () => true });
    await role.clock.advance(3_000);
    expect(role.repairs).toBe(0);
    await role.clock.advance(1_000);
    expect((await read).credential).toBe(two);
    expect(role.repairs).toBe(1);
  });

  it('gives up when the password has not changed within the budget', async () => {
    const role = new Role();
    const read = role.reader.read({ signal, insteadOf: one }).catch((error: unknown) => error);
    await role.clock.advance(30_000);
    expect(await read).toMatchObject({ code: 'DATABASE_CREDENTIALS_UNAVAILABLE' });
  });

  it.each([
    ['refused everywhere', false, 1],
    ['accepted by another pool', true, 0],
  ])('repairs, before it is used once more, a password that was refused for seconds: %s', async (_, isAccepted, repairs) => {
    const role = new Role();
    role.reader.refused(one, isAccepted);
    await role.clock.advance(4_000);
    role.reader.refused(one, isAccepted);
    await role.reader.read({ signal });
    expect(role.repairs).toBe(repairs);
  });
});
