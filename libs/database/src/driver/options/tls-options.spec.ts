import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveTls } from './tls-options.js';

/** Of a key on the curve P-256 that nobody kept. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUFgtcIPoqtDuO6sRKnMyI+kaEO4gwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEc3BlYzAgFw0yNjExMjUxNTM1MDJaGA8yMTI2MTEwMTE1MzUw
MlowDzENMAsGA1UEAwwEc3BlYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHQP
a8xSB1S/tIVeTpnbS+z/ZrnIu0MNuXDu20xPj72Ydx7N7tV9Gc5cj2SqMn/Gl0iC
zVLjep/dsuYjnVkxJW+jUzBRMB0GA1UdDgQWBBR8eZ6pYZficdgBfUOg4Z1Al6+C
yjAfBgNVHSMEGDAWgBR8eZ6pYZficdgBfUOg4Z1Al6+CyjAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCID7YkYFykCfihglGLl34ySkyaMw5DM+lO/qX
6Eqh4mNFAiEAyLTSF8da3iU9CKZEW/Pr6bhwwECWQffhPsJbQvPQW+s=
-----END CERTIFICATE-----
`;

function key(kind: 'ec' | 'rsa', passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const encodings = {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...encryption },
  } as const;
  return kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'prime256v1', ...encodings }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: 2_048, ...encodings }).privateKey;
}

describe('A client certificate for the database', () => {
  // A key of another kind is taken by OpenSSL, which then shows no certificate.
  it.each<[string, object]>([
    ['of the same kind', { cert, key: key('ec') }],
    ['of another kind', { cert, key: key('rsa') }],
    ['in a buffer', { cert: Buffer.from(cert), key: Buffer.from(key('rsa')) }],
    ['that is encrypted', { cert, key: key('rsa', 'a passphrase'), passphrase: 'a passphrase' }],
  ])('is refused with the key of another: one %s', (_, ssl) => {
    expect(() => resolveTls('typeorm.ssl', ssl)).toThrow(
      expect.objectContaining({
        code: 'DATABASE_CONFIGURATION_INVALID',
        setting: 'typeorm.ssl.key',
        message: expect.stringMatching(/key is not that of its certificate/) as string,
      }),
    );
  });

  it('is left out where its texts are empty, as from an environment', () => {
    expect(resolveTls('typeorm.ssl', { cert: '', key: '' })).toMatchObject({ rejectUnauthorized: true });
  });

  it('is refused with a passphrase that does not fit the key', () => {
    const ssl = { cert, key: key('ec', 'a passphrase'), passphrase: 'another' };
    expect(() => resolveTls('typeorm.ssl', ssl)).toThrow(expect.objectContaining({ setting: 'typeorm.ssl' }));
  });
});
