import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redact-secrets.js';

describe('redactSecrets', () => {
  it.each([
    ['a known secret wherever it stands', 'pw=abc-1; abc-1', 'pw=<redacted>; <redacted>'],
    ['the root token that a dev server prints', 'Root Token: root-of-all', 'Root Token: <redacted>'],
    ['the unseal key that it prints', 'Unseal Key: /e7ZJuF4Umrk91Z=', 'Unseal Key: <redacted>'],
    ['a service token', 'token s.AbCdEfGhIjKlMnOpQrStUvWx is', 'token <redacted> is'],
    ['a token of newer servers', 'hvs.CAESIJ1234567890abcdefghij', '<redacted>'],
    ['a batch token', 'b.AAAAAQJ1234567890abcdefghij', '<redacted>'],
    ['a recovery token', 'hvr.CAESIJ1234567890abcdefghij.', '<redacted>.'],
    ['each key of several', 'Unseal Key 1: aaa=\nUnseal Key 2: bbb=', 'Unseal Key 1: <redacted>\nUnseal Key 2: <redacted>'],
    ['the first root token', 'Initial Root Token: short', 'Initial Root Token: <redacted>'],
    ['a password in JSON', '{"password":"hidden","user":"me"}', '{"password":"<redacted>","user":"me"}'],
    ['a password in a connection string', "host=db password='hidden' user=me", "host=db password='<redacted>' user=me"],
    ['a secret id', 'secret_id=hidden', 'secret_id=<redacted>'],
    ['the password in a URL', 'postgresql://me:hidden@db/app', 'postgresql://me:<redacted>@db/app'],
  ])('replaces %s', (_what, text, redacted) => {
    expect(redactSecrets(text, ['abc-1'])).toBe(redacted);
  });

  it('leaves the rest alone', () => {
    const text = 'core: vault is unsealed at 127.0.0.1:8200';

    expect(redactSecrets(text, [''])).toBe(text);
  });

  it('takes a known secret for text, whatever it means to a pattern', () =>
    expect(redactSecrets('a.c $& abc', ['a.c', '$&'])).toBe('<redacted> <redacted> abc'));

  it('leaves none of the known secrets, wherever they stand and however often', () => {
    const secret = fc.stringMatching(/^[A-Z0-9$.*+?^-]{8,24}$/);
    const text = fc.tuple(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(fc.string(), { minLength: 1 }));
    fc.assert(
      fc.property(text, ([secrets, pieces]) => {
        const shown = redactSecrets(pieces.map((piece, at) => `${piece}${secrets[at % secrets.length]}`).join(''), secrets);
        expect(secrets.filter((known) => shown.includes(known))).toEqual([]);
      }),
    );
  });
});
