import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const LIFE_MS = 30 * 24 * 3_600_000;
const BACKDATED_MS = 3_600_000;

/** A certificate with its private key, both PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A throw-away certificate authority for test servers and their clients; its key never leaves the memory of this process. */
export class CertificateAuthority {
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #root: x509.X509Certificate;

  private constructor(keys: webcrypto.CryptoKeyPair, root: x509.X509Certificate) {
    this.#keys = keys;
    this.#root = root;
  }

  static async create(commonName: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned(
      {
        name: `CN=${commonName}`,
        keys,
        signingAlgorithm: ALGORITHM,
        ...validity(),
        extensions: [
          new x509.BasicConstraintsExtension(true, 0, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      },
      webcrypto,
    );
    return new CertificateAuthority(keys, root);
  }

  /** The authority's own certificate, PEM. */
  get certificate(): string {
    return this.#root.toString('pem');
  }

  /** A certificate for a server on 127.0.0.1 and localhost and, by its common name, for a client. */
  async issue(commonName: string): Promise<IssuedCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: `CN=${commonName}`,
        issuer: this.#root.subject,
        publicKey: keys.publicKey,
        signingKey: this.#keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity(),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          new x509.SubjectAlternativeNameExtension([
            { type: 'dns', value: 'localhost' },
            { type: 'ip', value: '127.0.0.1' },
          ]),
          await x509.AuthorityKeyIdentifierExtension.create(this.#root, false, webcrypto),
        ],
      },
      webcrypto,
    );
    const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { certificate: certificate.toString('pem'), privateKey: x509.PemConverter.encode(der, 'PRIVATE KEY') };
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - BACKDATED_MS), notAfter: new Date(Date.now() + LIFE_MS) };
}
