import {
  VaultPermissionDeniedError,
  VaultRateLimitedError,
  VaultResponseInvalidError,
  VaultSealedError,
  VaultServerError,
  VaultTimeoutError,
  VaultUnreachableError,
} from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { mayHaveIssued } from './may-have-issued.js';

describe('mayHaveIssued', () => {
  it.each<[string, Error, boolean]>([
    ['an answer that did not come in time', new VaultTimeoutError('late'), true],
    ['a connection that broke before the answer', new VaultUnreachableError('reset'), true],
    ['an answer that cannot be read', new VaultResponseInvalidError('cut'), true],
    ['a gateway that gave up', new VaultServerError('bad gateway', { status: 502 }), true],
    ['a connection that was never made', new VaultUnreachableError('refused', { sent: false }), false],
    ['an error that Vault names', new VaultServerError('failed', { status: 500, serverErrors: ['unable to start transaction'] }), false],
    ['a server that is not there', new VaultServerError('unavailable', { status: 503 }), false],
    ['a sealed Vault', new VaultSealedError('sealed', { status: 503 }), false],
    ['a missing right', new VaultPermissionDeniedError('denied', { status: 403 }), false],
    ['a quota', new VaultRateLimitedError('slower', { status: 429 }), false],
    ['an error of another package', new Error('away'), false],
  ])('%s: %o', (_, error, expected) => expect(mayHaveIssued(error)).toBe(expected));
});
