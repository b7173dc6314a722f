import type { BenchAppRole } from './bench-application.js';

export interface BareCredentials {
  readonly username: string;
  readonly password: string;
  readonly leaseId: string;
}

interface Answer {
  readonly lease_id: string;
  readonly auth?: { readonly client_token: string };
  readonly data?: { readonly username: string; readonly password: string };
}

/** The calls to Vault that an application needs, with fetch and nothing around them. */
export class BareVault {
  readonly #address: string;
  readonly #token: string;

  static async login(address: string, { roleId, secretId }: BenchAppRole): Promise<BareVault> {
    const body = JSON.stringify({ role_id: roleId, secret_id: secretId });
    const response = await fetch(`${address}/v1/auth/approle/login`, { method: 'POST', body });
    return new BareVault(address, ((await response.json()) as Answer).auth?.client_token ?? '');
  }

  private constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
  }

  async credentials(role: string): Promise<BareCredentials> {
    const response = await fetch(`${this.#address}/v1/database/creds/${role}`, { headers: this.#headers });
    const { lease_id: leaseId, data } = (await response.json()) as Answer;
    if (data === undefined) throw new Error(`Vault has issued no credentials (${response.status}).`);
    return { ...data, leaseId };
  }

  async revoke({ leaseId }: BareCredentials): Promise<void> {
    const body = JSON.stringify({ lease_id: leaseId });
    await fetch(`${this.#address}/v1/sys/leases/revoke`, { method: 'POST', body, headers: this.#headers });
  }

  get #headers(): Record<string, string> {
    return { 'X-Vault-Token': this.#token };
  }
}
