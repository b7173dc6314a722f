import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LoginResult } from '../../auth/auth-method.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { SecretValue } from '../../support/redaction/secret-value.js';
import { checkedLogin } from './checked-login.js';

const times = { method: 'custom', startedAtMs: 10_000, endedAtMs: 18_000 };
const good: LoginResult = { token: 's.token-of-a-log-in', ttlSeconds: 60, renewable: true, owned: true };
const untyped = (changes: object): LoginResult => ({ ...good, ...changes });

function failureOf(result: LoginResult): unknown {
  try {
    checkedLogin(result, times);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('What a log-in gave', () => {
  it.each([
    ['text', 's.token-of-a-log-in'],
    ['text with a line end', 's.token-of-a-log-in\n'],
    ['a secret value', new SecretValue('s.token-of-a-log-in')],
    ['a secret value of another copy of the package', { reveal: (): string => 's.token-of-a-log-in' }],
  ])('may be a token that is %s', (_, token) => {
    expect(checkedLogin(untyped({ token }), times).token.reveal()).toBe('s.token-of-a-log-in');
  });

  it.each([undefined, null, '', '  ', 5, {}, { reveal: 'x' }, { reveal: (): unknown => undefined }])(
    'is refused with the token %o',
    (token) => {
      expect(failureOf(untyped({ token }))).toMatchObject({ code: 'VAULT_RESPONSE_INVALID' });
    },
  );

  it.each([undefined, null, '60', 'abc', -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 0.002, {}, [60], 60n])(
    'is refused with the TTL %o',
    (ttlSeconds) => {
      const error = failureOf(untyped({ ttlSeconds }));
      expect(error).toMatchObject({ code: 'VAULT_RESPONSE_INVALID', message: expect.stringContaining('ttlSeconds') as string });
      expect(inspect(error)).not.toContain('s.token-of-a-log-in');
    },
  );

  it.each([0, 60, 59.5, 2_764_800])('is accepted with the TTL %o', (ttlSeconds) => {
    expect(checkedLogin(untyped({ ttlSeconds }), times)).toMatchObject({ ttlSeconds });
  });

  it.each([undefined, null, 'x'])('is refused when it is %o', (result) => {
    expect(failureOf(result as unknown as LoginResult)).toSatisfy((error) => isVaultError(error, 'VAULT_RESPONSE_INVALID'));
  });

  describe('counts its life', () => {
    it('from when the request left', () => expect(checkedLogin(untyped({ sentAtMs: 12_000 }), times).sentAtMs).toBe(12_000));

    it.each([undefined, Number.NaN, 1_790_000_000_000, '12000', Number.POSITIVE_INFINITY])(
      'from the beginning of the log-in where it says %o',
      (sentAtMs) => expect(checkedLogin(untyped({ sentAtMs }), times).sentAtMs).toBe(10_000),
    );
  });

  it('is refused when its token was over before it arrived', () => {
    expect(failureOf(untyped({ ttlSeconds: 8 }))).toMatchObject({
      code: 'VAULT_TIMEOUT',
      message: expect.stringContaining('over') as string,
    });
    expect(checkedLogin(untyped({ ttlSeconds: 8, sentAtMs: 10_001 }), times)).toMatchObject({ ttlSeconds: 8 });
  });
});
