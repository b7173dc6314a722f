import type { VaultResponse } from '../../client/answer/vault-response.js';
import { holding, isText } from '../answer-check.js';
import type { EngineCall } from '../engine-call.js';
import type { EngineClient, KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import type {
  GeneratedCertificate,
  GeneratedCsr,
  PkiAuthorityCall,
  PkiExtra,
  PkiUrls,
  SignedCertificate,
  StoredCertificate,
} from './pki.types.js';

type Fields = Readonly<Record<string, unknown>>;
type IssuerCall = PkiExtra & { readonly issuerRef: string };

/** What an administrator does to the authority of a PKI mount: roots, intermediates, issuers, revocation lists. */
export class PkiAuthority {
  readonly #authority: EngineClient;

  constructor(client: EngineClient) {
    this.#authority = client;
  }

  /** The certificate of the authority, PEM. */
  readCaCertificate(options: EngineCall = {}): Promise<string> {
    return this.#pem(options, 'ca');
  }

  /** The authority's chain, PEM texts one after the other. */
  readCaCertificateChain(options: EngineCall = {}): Promise<string> {
    return this.#pem(options, 'ca_chain');
  }

  /** The revocation list, PEM. */
  readCrl(options: EngineCall = {}): Promise<string> {
    return this.#pem(options, 'crl');
  }

  rotateCrl(options: EngineCall = {}): Promise<VaultResponse<Fields>> {
    return this.#authority.request(options, { method: 'GET', path: ['crl', 'rotate'], mints: false });
  }

  readCrlConfiguration(options: EngineCall = {}): Promise<VaultResponse<Fields>> {
    return this.#authority.read(options, 'config', 'crl');
  }

  setCrlConfiguration(options: PkiExtra & { readonly expiry?: string; readonly disable?: boolean }): Promise<VaultResponse<null>> {
    return this.#authority.write(options, ['config', 'crl'], bodyOf(options));
  }

  readUrls(options: EngineCall = {}): Promise<VaultResponse<PkiUrls>> {
    return this.#authority.read(options, 'config', 'urls');
  }

  setUrls(options: EngineCall & { readonly params: Partial<PkiUrls> }): Promise<VaultResponse<null>> {
    return this.#authority.write(options, ['config', 'urls'], bodyOf(options.params));
  }

  /** Takes over an authority: certificate and key, PEM. */
  submitCaInformation(options: EngineCall & { readonly pemBundle: string }): Promise<VaultResponse<Fields>> {
    return this.#authority.mint(options, ['config', 'ca'], bodyOf(options));
  }

  /** Makes a self-signed authority. */
  generateRoot(options: PkiAuthorityCall): Promise<VaultResponse<Partial<GeneratedCertificate>>> {
    return this.#authority.mint(options, ['root', 'generate', options.type], bodyOf(options, 'type'));
  }

  deleteRoot(options: EngineCall = {}): Promise<VaultResponse<null>> {
    return this.#authority.delete(options, 'root');
  }

  /** Makes the key of an intermediate authority, and the CSR to have it signed. */
  generateIntermediate(options: PkiAuthorityCall): Promise<VaultResponse<GeneratedCsr>> {
    return this.#make(options, ['intermediate', 'generate', options.type], holding({ csr: isText }));
  }

  setSignedIntermediate(options: EngineCall & { readonly certificate: string }): Promise<VaultResponse<Fields>> {
    return this.#authority.mint(options, ['intermediate', 'set-signed'], bodyOf(options));
  }

  signIntermediate(options: PkiExtra & { readonly csr: string; readonly commonName: string }): Promise<VaultResponse<SignedCertificate>> {
    return this.#make(options, ['root', 'sign-intermediate'], holding({ certificate: isText }));
  }

  signSelfIssued(options: EngineCall & { readonly certificate: string }): Promise<VaultResponse<SignedCertificate>> {
    return this.#make(options, ['root', 'sign-self-issued'], holding({ certificate: isText }));
  }

  listIssuers(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#authority.list(options, 'issuers');
  }

  readIssuer(options: IssuerCall): Promise<VaultResponse<Fields>> {
    return this.#authority.read(options, 'issuer', options.issuerRef);
  }

  updateIssuer(options: IssuerCall): Promise<VaultResponse<Fields>> {
    return this.#authority.write(options, ['issuer', options.issuerRef], bodyOf(options, 'issuerRef'));
  }

  revokeIssuer(options: IssuerCall): Promise<VaultResponse<Fields>> {
    return this.#authority.write(options, ['issuer', options.issuerRef, 'revoke']);
  }

  deleteIssuer(options: IssuerCall): Promise<VaultResponse<null>> {
    return this.#authority.delete(options, 'issuer', options.issuerRef);
  }

  #make<Data>(options: EngineCall, path: readonly string[], convert: (data: unknown) => unknown): Promise<VaultResponse<Data>> {
    return this.#authority.request(options, { method: 'POST', path, body: bodyOf(options, 'type'), mints: true, convert });
  }

  async #pem(options: EngineCall, serial: string): Promise<string> {
    const convert = holding({ certificate: isText });
    const { data } = await this.#authority.request<StoredCertificate>(options, { method: 'GET', path: ['cert', serial], convert });
    return data.certificate;
  }
}
