import { describe, expect, it } from 'vitest';
import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { grantedRenewal, refusedRenewal, type RenewalAnswer } from './renewal-answer.js';

const said = (message: string): Error => new VaultRequestError('no', { status: 400, serverErrors: [message] });

describe('A renewal that was granted', () => {
  it.each<[string, number, number | undefined, RenewalAnswer]>([
    ['in full: is due again', 30_000, undefined, { kind: 'extended', next: { type: 'renewed', expiresAtMs: 40_000, dueAtMs: 30_000 } }],
    ['clearly short of what was asked: is truncated', 12_000, undefined, { kind: 'truncated', expiresAtMs: 22_000 }],
    [
      'up to the end of its token, which cannot be moved: ends with it',
      30_000,
      35_000,
      { kind: 'extended', next: { type: 'ending', expiresAtMs: 35_000, announceAtMs: 32_500 } },
    ],
  ])('%s', (_, givenMs, tokenEndMs, expected) => {
    const timing = { fraction: 2 / 3, jitter: 0.1 };
    const context = { expiresAtMs: 15_000, requestedMs: 30_000, tokenEndMs, timing, random: () => 0 };
    expect(grantedRenewal({ givenMs, fromMs: 10_000, receivedAtMs: 10_000 }, context)).toEqual(expected);
  });
});

describe('A renewal that was not granted', () => {
  it.each<[string, unknown, object]>([
    ['because the policy does not allow it', new VaultPermissionDeniedError('denied', { status: 403 }), { kind: 'not-renewable' }],
    ['because the lease is of that kind', said('lease is not renewable'), { kind: 'not-renewable' }],
    ['because Vault no longer knows the lease', said('lease not found'), { kind: 'gone' }],
    ['because its engine cannot', said('failed to renew entry: connection refused'), { kind: 'failed', ofEngine: true }],
    ['because its engine is gone', new VaultNotFoundError('none', { status: 404 }), { kind: 'failed', ofEngine: true }],
    ['because Vault is away', new VaultUnreachableError('away'), { kind: 'failed', ofEngine: false }],
    [
      'for a reason that is not Vault’s',
      new TypeError('a bug'),
      { kind: 'failed', ofEngine: false, error: { code: 'VAULT_SERVER_FAILED' } },
    ],
  ])('%s', (_, error, expected) => expect(refusedRenewal(error, 'database/creds/reader')).toMatchObject(expected));
});
