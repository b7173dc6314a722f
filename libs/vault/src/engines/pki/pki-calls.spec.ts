import { describe, expect, it } from 'vitest';
import { callOptions, sentBy, type EngineCallRow } from '../engine-calls.fixture.js';

const at = { ...callOptions, mountPoint: 'ours' } as const;
const role = { ...at, name: 'web' } as const;
const asked = { ...at, commonName: 'a.test', extraParams: { altNames: 'b.test' } } as const;
const names = { common_name: 'a.test', alt_names: 'b.test' };

describe('What the methods of the PKI engine send', () => {
  it.each<EngineCallRow>([
    [
      'generateCertificate',
      ({ secrets }) => secrets.pki.generateCertificate({ ...asked, name: 'web' }),
      'POST ours/issue/web, once',
      names,
    ],
    [
      'signCertificate',
      ({ secrets }) => secrets.pki.signCertificate({ ...asked, name: 'web', csr: 'c' }),
      'POST ours/sign/web, once',
      { ...names, csr: 'c' },
    ],
    ['signVerbatim', ({ secrets }) => secrets.pki.signVerbatim({ ...at, csr: 'c' }), 'POST ours/sign-verbatim, once', { csr: 'c' }],
    [
      'signVerbatim with the TTLs of a role',
      ({ secrets }) => secrets.pki.signVerbatim({ ...role, csr: 'c' }),
      'POST ours/sign-verbatim/web, once',
      { csr: 'c' },
    ],
    ['readCertificate', ({ secrets }) => secrets.pki.readCertificate({ ...at, serial: '67:e2' }), 'GET ours/cert/67%3Ae2'],
    ['listCertificates', ({ secrets }) => secrets.pki.listCertificates(at), 'LIST ours/certs'],
    [
      'revokeCertificate',
      ({ secrets }) => secrets.pki.revokeCertificate({ ...at, serialNumber: '67:e2' }),
      'POST ours/revoke',
      { serial_number: '67:e2' },
    ],
    [
      'createOrUpdateRole',
      ({ secrets }) => secrets.pki.createOrUpdateRole({ ...role, extraParams: { maxTtl: '1h' } }),
      'POST ours/roles/web',
      { max_ttl: '1h' },
    ],
    ['readRole', ({ secrets }) => secrets.pki.readRole(role), 'GET ours/roles/web'],
    ['listRoles', ({ secrets }) => secrets.pki.listRoles(at), 'LIST ours/roles'],
    ['deleteRole', ({ secrets }) => secrets.pki.deleteRole(role), 'DELETE ours/roles/web'],
    [
      'tidy',
      ({ secrets }) => secrets.pki.tidy({ ...at, extraParams: { tidyCertStore: true } }),
      'POST ours/tidy',
      { tidy_cert_store: true },
    ],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});

describe('What the methods for an authority send', () => {
  it.each<EngineCallRow>([
    ['readCaCertificate', ({ secrets }) => secrets.pki.readCaCertificate(at), 'GET ours/cert/ca'],
    ['readCaCertificateChain', ({ secrets }) => secrets.pki.readCaCertificateChain(at), 'GET ours/cert/ca_chain'],
    ['readCrl', ({ secrets }) => secrets.pki.readCrl(at), 'GET ours/cert/crl'],
    ['rotateCrl', ({ secrets }) => secrets.pki.rotateCrl(at), 'GET ours/crl/rotate'],
    ['readCrlConfiguration', ({ secrets }) => secrets.pki.readCrlConfiguration(at), 'GET ours/config/crl'],
    [
      'setCrlConfiguration',
      ({ secrets }) => secrets.pki.setCrlConfiguration({ ...at, expiry: '72h', disable: false }),
      'POST ours/config/crl',
      { expiry: '72h', disable: false },
    ],
    ['readUrls', ({ secrets }) => secrets.pki.readUrls(at), 'GET ours/config/urls'],
    [
      'setUrls',
      ({ secrets }) => secrets.pki.setUrls({ ...at, params: { issuingCertificates: ['https://a.test'] } }),
      'POST ours/config/urls',
      { issuing_certificates: ['https://a.test'] },
    ],
    [
      'submitCaInformation',
      ({ secrets }) => secrets.pki.submitCaInformation({ ...at, pemBundle: 'PEM' }),
      'POST ours/config/ca, once',
      { pem_bundle: 'PEM' },
    ],
    [
      'generateRoot',
      ({ secrets }) => secrets.pki.generateRoot({ ...asked, type: 'internal' }),
      'POST ours/root/generate/internal, once',
      names,
    ],
    ['deleteRoot', ({ secrets }) => secrets.pki.deleteRoot(at), 'DELETE ours/root'],
    [
      'generateIntermediate',
      ({ secrets }) => secrets.pki.generateIntermediate({ ...asked, type: 'exported' }),
      'POST ours/intermediate/generate/exported, once',
      names,
    ],
    [
      'setSignedIntermediate',
      ({ secrets }) => secrets.pki.setSignedIntermediate({ ...at, certificate: 'PEM' }),
      'POST ours/intermediate/set-signed, once',
      { certificate: 'PEM' },
    ],
    [
      'signIntermediate',
      ({ secrets }) => secrets.pki.signIntermediate({ ...asked, csr: 'c' }),
      'POST ours/root/sign-intermediate, once',
      { ...names, csr: 'c' },
    ],
    [
      'signSelfIssued',
      ({ secrets }) => secrets.pki.signSelfIssued({ ...at, certificate: 'PEM' }),
      'POST ours/root/sign-self-issued, once',
      { certificate: 'PEM' },
    ],
    ['listIssuers', ({ secrets }) => secrets.pki.listIssuers(at), 'LIST ours/issuers'],
    ['readIssuer', ({ secrets }) => secrets.pki.readIssuer({ ...at, issuerRef: 'i' }), 'GET ours/issuer/i'],
    [
      'updateIssuer',
      ({ secrets }) => secrets.pki.updateIssuer({ ...at, issuerRef: 'i', extraParams: { issuerName: 'n' } }),
      'POST ours/issuer/i',
      { issuer_name: 'n' },
    ],
    ['revokeIssuer', ({ secrets }) => secrets.pki.revokeIssuer({ ...at, issuerRef: 'i' }), 'POST ours/issuer/i/revoke', {}],
    ['deleteIssuer', ({ secrets }) => secrets.pki.deleteIssuer({ ...at, issuerRef: 'i' }), 'DELETE ours/issuer/i'],
  ])('%s', async (_, call, line, body) => expect(await sentBy(call)).toEqual([{ ...callOptions, line, body }]));
});
