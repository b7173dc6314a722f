import { describe, expect, it } from 'vitest';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { nextSessionState, type SessionStep, type SessionState } from './session-state.js';
import type { SessionToken } from './token/session-token.js';

const tokenOfEpoch = (epoch: number): SessionToken => ({
  credential: { value: new SecretValue(`token-${epoch}`), epoch },
  acquiredAtMs: 0,
  expiresAtMs: 60_000,
  ttlMs: 60_000,
  renewable: true,
  owned: true,
});
const [held, fresh] = [tokenOfEpoch(1), tokenOfEpoch(2)];
const error = new VaultUnreachableError('away');
const before = new VaultUnreachableError('away before');

const idle: SessionState = { kind: 'idle' };
const authenticated: SessionState = { kind: 'authenticated', token: held };
const failing: SessionState = { kind: 'failing', token: held, error: before, failures: 1, nextTryAtMs: 10_000 };
const failingWithoutToken: SessionState = { ...failing, token: undefined };
const closed: SessionState = { kind: 'closed' };

const obtained: SessionStep = { type: 'obtained', token: fresh };
const failed: SessionStep = { type: 'failed', error, nowMs: 10_000, random: 0 };
const close: SessionStep = { type: 'closed' };
const authenticatedAnew: SessionState = { kind: 'authenticated', token: fresh };
const failedTry = { kind: 'failing', error } as const;

describe('nextSessionState', () => {
  it.each<[string, SessionState, SessionStep, SessionState]>([
    ['idle, a token comes: authenticated', idle, obtained, authenticatedAnew],
    ['idle, a try fails: failing, without a token', idle, failed, { ...failedTry, token: undefined, failures: 1, nextTryAtMs: 11_000 }],
    ['idle, closed: closed', idle, close, closed],
    ['authenticated, a token comes: that one is held', authenticated, obtained, authenticatedAnew],
    ['authenticated, a try fails: keeps its token', authenticated, failed, { ...failedTry, token: held, failures: 1, nextTryAtMs: 11_000 }],
    ['authenticated, closed: closed', authenticated, close, closed],
    ['failing, a token comes: authenticated', failing, obtained, authenticatedAnew],
    ['failing, a try fails: waits longer', failing, failed, { ...failedTry, token: held, failures: 2, nextTryAtMs: 12_000 }],
    ['failing, closed: closed', failing, close, closed],
    ['failing without a token, a token comes: authenticated', failingWithoutToken, obtained, authenticatedAnew],
    [
      'failing without a token, a try fails: waits longer',
      failingWithoutToken,
      failed,
      { ...failedTry, token: undefined, failures: 2, nextTryAtMs: 12_000 },
    ],
    ['failing without a token, closed: closed', failingWithoutToken, close, closed],
    ['closed, a token comes: stays closed', closed, obtained, closed],
    ['closed, a try fails: stays closed', closed, failed, closed],
    ['closed, closed again: stays closed', closed, close, closed],
  ])('%s', (_, state, step, expected) => expect(nextSessionState(state, step)).toEqual(expected));
});
