import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { holding, isText } from '../answer-check.js';
import type { EngineCall } from '../engine-call.js';
import { EngineClient, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import { PkiAuthority } from './pki-authority.js';
import type {
  GeneratedCertificate,
  PkiExtra,
  PkiGenerateCall,
  PkiNamedCall,
  PkiSignCall,
  RevokedCertificate,
  SignedCertificate,
  StoredCertificate,
} from './pki.types.js';

type Fields = Readonly<Record<string, unknown>>;

/** PKI secrets engine, in hvac's words. Source: Vault API, "PKI secrets engine". */
export class PkiEngine extends PkiAuthority {
  readonly #client: EngineClient;

  constructor(send: VaultHandler, mountPoint = 'pki') {
    const client = new EngineClient(send, mountPoint);
    super(client);
    this.#client = client;
  }

  /** A new certificate with its private key, which Vault does not keep. Each call makes another one. */
  generateCertificate(options: PkiGenerateCall): Promise<VaultResponse<GeneratedCertificate>> {
    return this.#issue(options, ['issue', options.name], { certificate: isText, private_key: isText });
  }

  /** A certificate for a key of ours. */
  signCertificate(options: PkiSignCall): Promise<VaultResponse<SignedCertificate>> {
    return this.#issue(options, ['sign', options.name]);
  }

  /** A certificate for a CSR as it is, without a role's restrictions. @param options.name a role whose TTLs apply */
  signVerbatim(
    options: PkiExtra & { readonly csr: string; readonly name?: string | undefined },
  ): Promise<VaultResponse<SignedCertificate>> {
    const path = options.name === undefined ? ['sign-verbatim'] : ['sign-verbatim', options.name];
    return this.#issue(options, path);
  }

  /** @param options.serial such as `67:e2:c1:...`, or `ca`, `crl`, `ca_chain` */
  readCertificate(options: EngineCall & { readonly serial: string }): Promise<VaultResponse<StoredCertificate>> {
    return this.#client.request(options, { method: 'GET', path: ['cert', options.serial], convert: holding({ certificate: isText }) });
  }

  /** Serial numbers of all certificates that are stored. */
  listCertificates(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'certs');
  }

  /** @param options.serialNumber such as `67:e2:c1:...` */
  revokeCertificate(options: EngineCall & { readonly serialNumber: string }): Promise<VaultResponse<RevokedCertificate>> {
    return this.#client.ask(options, ['revoke'], bodyOf(options));
  }

  createOrUpdateRole(options: PkiNamedCall): Promise<VaultResponse<Fields>> {
    return this.#client.write(options, ['roles', options.name], bodyOf(options, 'name'));
  }

  readRole(options: PkiNamedCall): Promise<VaultResponse<Fields>> {
    return this.#client.read(options, 'roles', options.name);
  }

  listRoles(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'roles');
  }

  deleteRole(options: PkiNamedCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'roles', options.name);
  }

  /** Removes what has expired, on the server, some time later. */
  tidy(options: PkiExtra = {}): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['tidy'], bodyOf(options));
  }

  #issue<Data>(
    options: PkiExtra,
    path: readonly string[],
    fields: Parameters<typeof holding>[0] = { certificate: isText },
  ): Promise<VaultResponse<Data>> {
    const body = bodyOf(options, 'name');
    return this.#client.request(options, { method: 'POST', path, body, mints: true, convert: holding(fields) });
  }
}
