import { getSystemErrorMap } from 'node:util';
import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { isCertificateCode, isTlsAlert, isTlsCode } from './tls-codes.js';

/** Source: Node, tls, "X509 certificate error codes": all of them, and the word for those that Node has no name for. */
const certificateCodes = `
  UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECRYPT_CRL_SIGNATURE
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE CRL_SIGNATURE_FAILURE CERT_NOT_YET_VALID
  CERT_HAS_EXPIRED CRL_NOT_YET_VALID CRL_HAS_EXPIRED ERROR_IN_CERT_NOT_BEFORE_FIELD
  ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD OUT_OF_MEM
  DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE
  CERT_CHAIN_TOO_LONG CERT_REVOKED INVALID_CA PATH_LENGTH_EXCEEDED
  INVALID_PURPOSE CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH
  UNSPECIFIED
`
  .trim()
  .split(/\s+/);

const ofUndici = Object.values(errors).flatMap((Failure) => {
  const Any = Failure as unknown as new (...given: readonly unknown[]) => { readonly code?: unknown };
  const { code } = new Any('any', 1, { headers: {}, data: {} });
  return typeof code === 'string' ? [code] : [];
});

describe('The codes of a failed connection', () => {
  it.each(certificateCodes)('%s is of a certificate', (code) => {
    expect([isCertificateCode(code), isTlsCode(code)]).toEqual([true, true]);
  });

  it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_OSSL_X', 'EPROTO'])(
    '%s is of TLS',
    (code) => {
      expect([isCertificateCode(code), isTlsCode(code)]).toEqual([false, true]);
    },
  );

  it('of the system are of the connection, all of them', () => {
    const ofSystem = [...getSystemErrorMap().values()].map(([name]) => name).filter((name) => name !== 'EPROTO');
    expect(ofSystem.length).toBeGreaterThan(50);
    expect(ofSystem.filter(isTlsCode)).toEqual([]);
    expect(['ENOTFOUND', 'ABORT_ERR', 'HPE_INVALID_CONSTANT', 'Error', 'SocketError', ''].filter(isTlsCode)).toEqual([]);
  });

  it('of undici are of the connection, all of them', () => {
    expect(ofUndici.length).toBeGreaterThan(15);
    expect(ofUndici.filter(isTlsCode)).toEqual([]);
  });

  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false],
    ['ECONNRESET', false],
  ])('%s is an alert: %s', (code, expected) => expect(isTlsAlert(code)).toBe(expected));
});
