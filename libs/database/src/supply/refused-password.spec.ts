import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../credentials/database-credential.js';
import { RefusedPassword } from './refused-password.js';

const one = new DatabaseCredential({ username: 'app', password: 'one' });
const two = new DatabaseCredential({ username: 'app', password: 'two' });

describe('RefusedPassword', () => {
  it('counts from the first refusal of the same password', () => {
    const password = new RefusedPassword();
    expect(password.durationMs(one, 0)).toBe(0);
    password.refused(one, 1_000);
    password.refused(one, 3_000);
    expect(password.durationMs(one, 5_000)).toBe(4_000);
    expect(password.durationMs(two, 5_000)).toBe(0);
  });

  it('begins anew with another password, after a repair, and when the last refusal is long ago', () => {
    const password = new RefusedPassword();
    password.refused(one, 0);
    password.refused(two, 2_000);
    expect(password.durationMs(two, 3_000)).toBe(1_000);
    password.forget();
    expect(password.durationMs(two, 3_000)).toBe(0);
    password.refused(two, 4_000);
    expect(password.durationMs(two, 14_001)).toBe(0);
    password.refused(two, 15_000);
    expect(password.durationMs(two, 16_000)).toBe(1_000);
  });
});
