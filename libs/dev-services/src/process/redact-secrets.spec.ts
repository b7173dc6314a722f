import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact-secrets.js';

describe('redactSecrets', () => {
  it.each([
    ['a known secret wherever it stands', 'pw=abc-1; abc-1', 'pw=<redacted>; <redacted>'],
    ['the root token that a dev server prints', 'Root Token: root-of-all', 'Root Token: <redacted>'],
    ['the unseal key that it prints', 'Unseal Key: /e7ZJuF4Umrk91Z=', 'Unseal Key: <redacted>'],
    ['a service token', 'token s.AbCdEfGhIjKlMnOpQrStUvWx is', 'token <redacted> is'],
    ['a token of newer servers', 'hvs.CAESIJ1234567890abcdefghij', '<redacted>'],
    ['the password in a URL', 'postgresql://me:hidden@db/app', 'postgresql://me:<redacted>@db/app'],
  ])('replaces %s', (_what, text, redacted) => {
    expect(redactSecrets(text, ['abc-1'])).toBe(redacted);
  });

  it('leaves the rest alone', () => {
    const text = 'core: vault is unsealed at 127.0.0.1:8200';

    expect(redactSecrets(text, [''])).toBe(text);
  });
});
