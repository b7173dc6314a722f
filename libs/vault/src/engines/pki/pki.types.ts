import type { EngineCall } from '../engine-call.js';

type ExtraParams = Readonly<Record<string, unknown>>;

/** Parameters beyond the named ones, in camel case: `{ altNames: 'localhost', ipSans: '127.0.0.1', ttl: '24h' }`. */
export interface PkiExtra extends EngineCall {
  readonly extraParams?: ExtraParams | undefined;
}

export interface PkiNamedCall extends PkiExtra {
  /** Of the role. */
  readonly name: string;
}

export interface PkiGenerateCall extends PkiNamedCall {
  readonly commonName: string;
}

export interface PkiSignCall extends PkiGenerateCall {
  /** PEM. */
  readonly csr: string;
}

/** `exported`: the answer holds the private key; `internal`: it never leaves Vault. */
export interface PkiAuthorityCall extends PkiExtra {
  readonly type: 'exported' | 'internal' | 'existing' | 'kms';
  readonly commonName: string;
}

/** A certificate with its private key. PEM texts. Source: Vault API, PKI, "Generate certificate and key". */
export interface GeneratedCertificate extends SignedCertificate {
  readonly privateKey: string;
  readonly privateKeyType: string;
}

/** PEM texts. Source: Vault API, PKI, "Sign certificate". */
export interface SignedCertificate {
  readonly certificate: string;
  readonly issuingCa: string;
  readonly caChain?: readonly string[];
  /** Such as `67:e2:c1:...`. */
  readonly serialNumber: string;
  /** Seconds since the Unix epoch. */
  readonly expiration: number;
}

/** Source: Vault API, PKI, "Read certificate". */
export interface StoredCertificate {
  /** PEM. */
  readonly certificate: string;
  /** Seconds since the Unix epoch; 0 while it is not revoked. */
  readonly revocationTime: number;
  readonly revocationTimeRfc3339?: string;
  readonly issuerId?: string;
}

/** Source: Vault API, PKI, "Revoke certificate". */
export interface RevokedCertificate {
  /** Seconds since the Unix epoch. */
  readonly revocationTime: number;
  readonly revocationTimeRfc3339?: string;
  readonly state?: string;
}

/** Source: Vault API, PKI, "Generate intermediate CSR". */
export interface GeneratedCsr {
  /** PEM. */
  readonly csr: string;
  readonly keyId?: string;
  /** PEM; only for the type `exported`. */
  readonly privateKey?: string;
  readonly privateKeyType?: string;
}

/** Source: Vault API, PKI, "Read URLs". */
export interface PkiUrls {
  readonly issuingCertificates: readonly string[];
  readonly crlDistributionPoints: readonly string[];
  readonly ocspServers: readonly string[];
}
