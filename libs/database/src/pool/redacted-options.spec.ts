import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redactedOptions } from './redacted-options.js';

const secret = 'must-not-be-seen';

describe('The options that a pool shows', () => {
  it('have the defaults of pg-pool', () =>
    expect(redactedOptions({ host: 'db', poolSize: 4 }, 4)).toEqual({
      host: 'db',
      poolSize: 4,
      max: 4,
      min: 0,
      maxUses: Number.POSITIVE_INFINITY,
      allowExitOnIdle: false,
      maxLifetimeSeconds: 0,
      idleTimeoutMillis: 10_000,
    }));

  it('keep what was given', () =>
    expect(redactedOptions({ min: 2, maxUses: 7, idleTimeoutMillis: 0, maxLifetimeSeconds: 60, allowExitOnIdle: true }, 4)).toMatchObject({
      min: 2,
      maxUses: 7,
      idleTimeoutMillis: 0,
      maxLifetimeSeconds: 60,
      allowExitOnIdle: true,
    }));

  it('hold no password and no private key, whether they are looked at, listed or read by name', () => {
    const ssl = Object.defineProperty({ ca: 'public', cert: 'public', pfx: secret, passphrase: secret }, 'key', { value: secret });
    const shown = redactedOptions({ user: 'u', password: secret, ssl }, 4);
    expect(inspect(shown, { showHidden: true, depth: null }) + JSON.stringify(shown)).not.toContain(secret);
    expect([shown['user'], shown['password'], (shown['ssl'] as { key?: unknown }).key]).toEqual([undefined, undefined, undefined]);
    expect(shown['ssl']).toEqual({ ca: 'public', cert: 'public' });
  });

  it('cannot be changed, as nobody would read them again', () => {
    const shown = redactedOptions({ ssl: { ca: 'public' } }, 4) as Record<string, unknown>;
    expect(() => (shown['max'] = 5)).toThrow(TypeError);
    expect(() => ((shown['ssl'] as Record<string, unknown>)['ca'] = 'other')).toThrow(TypeError);
  });
});
