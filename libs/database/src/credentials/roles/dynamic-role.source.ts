import { isVaultError } from '@keyturn/vault';
import type { CredentialContext } from '../credential-definition.js';
import type { CredentialSource } from '../credential-source.js';
import { DatabaseCredential } from '../database-credential.js';
import { LeasedCredential } from './leased-credential.js';
import type { IssuedCredential } from '../issued-credential.js';
import { mayHaveIssued } from '../may-have-issued.js';

export interface DynamicRoleSourceOptions extends CredentialContext {
  readonly role: string;
  readonly mountPoint: string;
}

/** A probe without an answer is given up after this time: the source must recover within seconds once Vault is back. */
const probeTimeoutMs = 2_000;

/** Mints users of a dynamic role. Source: Vault API, "Database secrets engine", "Generate credentials". */
export class DynamicRoleSource implements CredentialSource {
  readonly name: string;
  readonly mints = true;
  readonly #options: DynamicRoleSourceOptions;
  /** Set after a call that Vault may have lost: whether Vault had answered a probe just before. */
  #outage: { readonly hasProbed: boolean } | undefined;
  /** The life that the last credentials were given; 0 before the first. */
  #usualLifeMs = 0;
  /** The log-in under which credentials were issued although another one had failed. */
  #madeDoWithEpoch = 0;

  constructor(options: DynamicRoleSourceOptions) {
    this.#options = options;
    this.name = `${options.mountPoint}/creds/${options.role}`;
  }

  /** The client does not repeat the call: the rotation paces the tries, one a second. */
  async issue(signal: AbortSignal): Promise<IssuedCredential> {
    const { vault, role, mountPoint, clock } = this.#options;
    let hasProbed = false;
    try {
      if (this.#outage !== undefined) {
        await this.#probe(signal);
        hasProbed = true;
      }
      await this.#logInFirst(signal);
      const response = await vault.secrets.database.generateCredentials({ name: role, mountPoint, signal, repeat: false });
      this.#outage = undefined;
      const { username, password } = response.data;
      const lease = vault.leases.track(response, { name: this.name });
      this.#usualLifeMs = lease.requestedMs;
      return new LeasedCredential(new DatabaseCredential({ username, password }), lease, clock);
    } catch (error) {
      this.#outage = isAway(error) ? { hasProbed } : undefined;
      throw error;
    }
  }

  /**
   * Only a call after a probe that Vault answered counts. The first call into an outage is forgiven, since the next ones wait for Vault's
   * return. A Vault that answers the probe but not this call could otherwise create users without end.
   */
  mayHaveIssued(error: unknown): boolean {
    return this.#outage?.hasProbed === true && mayHaveIssued(error);
  }

  /**
   * New credentials end with their token. A token that ends too soon is replaced first: the new credentials would end no later than the old
   * ones. The old ones may be lost, though: where the log-in fails, the present token will do, once.
   */
  async #logInFirst(signal: AbortSignal): Promise<void> {
    const { vault, clock } = this.#options;
    if (vault.session === undefined) return;
    try {
      await vault.session.outlive(clock.nowMs() + this.#usualLifeMs, signal);
    } catch (error) {
      const { epoch } = vault.session;
      if (signal.aborted || epoch === this.#madeDoWithEpoch) throw error;
      this.#madeDoWithEpoch = epoch;
    }
  }

  /** A server that hangs could answer later, and create a user for each call. So a call that may be lost goes first. */
  async #probe(signal: AbortSignal): Promise<void> {
    try {
      await this.#options.vault.request({
        method: 'GET',
        path: 'auth/token/lookup-self',
        repeat: false,
        signal,
        timeoutMs: probeTimeoutMs,
      });
    } catch (error) {
      if (isAway(error)) throw error;
    }
  }
}

function isAway(error: unknown): boolean {
  return isVaultError(error, 'VAULT_UNREACHABLE') || isVaultError(error, 'VAULT_SEALED') || mayHaveIssued(error);
}
