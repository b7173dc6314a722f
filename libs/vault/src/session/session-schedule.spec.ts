import { describe, expect, it } from 'vitest';
import { VaultAuthenticationError } from '../errors/vault-authentication.error.js';
import type { VaultError } from '../errors/vault-error.js';
import { VaultRateLimitedError } from '../errors/vault-rate-limited.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { tokenRetryDelayMs } from './session-schedule.js';

const away = new VaultUnreachableError('away');
const refused = new VaultAuthenticationError('refused');
const limited = (retryAfterMs: number): VaultError => new VaultRateLimitedError('limited', { retryAfterMs });

describe('tokenRetryDelayMs', () => {
  it.each<[string, VaultError, number, number, number]>([
    ['doubles while Vault is away', away, 2, 0, 2_000],
    ['but stays within seconds of its return', away, 20, 0, 4_000],
    ['grows further after refused log-ins', refused, 5, 0, 16_000],
    ['up to half a minute', refused, 20, 0, 30_000],
    ['is shortened by chance', away, 3, 0.8, 3_200],
    ['never below a second', away, 1, 0.9, 1_000],
    ['is what Vault asks for', limited(7_000), 1, 0, 7_000],
    ['at least a second', limited(100), 1, 0, 1_000],
    ['and not the hour that a page in front of Vault asks for', limited(3_600_000), 1, 0, 30_000],
  ])('%s', (_, error, failures, random, expected) => expect(tokenRetryDelayMs(error, failures, random)).toBeCloseTo(expected));
});
