import { isVaultError } from '../../errors/is-vault-error.js';
import { tokenOf } from '../../session/session-state.js';
import { fieldsOf } from '../../support/json/json-fields.js';
import type { VaultService } from '../vault.service.js';
import type { HealthReport, HealthStatus } from './health-report.js';
import { timeLeftStatus, worstStatus } from './time-left.status.js';

export interface VaultHealthFacts {
  /** `idle`, `authenticated`, `failing` or `closed`. */
  readonly state: string;
  readonly authMethod: string;
  /** Seconds; null for a token that does not expire. */
  readonly tokenTtlSeconds: number | null;
  /** undefined while Vault does not answer, or does not tell it. */
  readonly sealed?: boolean;
  /** Code of the error that Vault's last failure gave; absent when all is well. */
  readonly lastErrorCode?: string;
}

const probeTimeoutMs = 1_000;

/** Reports token and seal state. Vault away with a live token is `degraded`: the application still serves. */
export class VaultHealthIndicator {
  readonly #vault: VaultService;

  constructor(vault: VaultService) {
    this.#vault = vault;
  }

  /** @param key name of the report in the health answer */
  async isHealthy(key = 'vault'): Promise<HealthReport<VaultHealthFacts>> {
    const { state, method } = this.#vault.session;
    const seal = await this.#sealState();
    const remainingMs = this.#vault.session.remainingMs();
    const code = state.kind === 'failing' ? state.error.code : seal.code;
    const facts: VaultHealthFacts = {
      state: state.kind,
      authMethod: method,
      tokenTtlSeconds: Number.isFinite(remainingMs) ? Math.floor(remainingMs / 1_000) : null,
      ...(seal.sealed === undefined ? {} : { sealed: seal.sealed }),
      ...(code === undefined ? {} : { lastErrorCode: code }),
    };
    const vaultStatus: HealthStatus = state.kind === 'failing' || seal.sealed !== false ? 'degraded' : 'up';
    const token = tokenOf(state);
    const tokenStatus = token === undefined ? 'down' : timeLeftStatus(remainingMs, token.expiresAtMs - token.acquiredAtMs);
    return { [key]: { status: worstStatus(vaultStatus, tokenStatus), ...facts } };
  }

  async #sealState(): Promise<{ readonly sealed?: boolean; readonly code?: string }> {
    try {
      const { data } = await this.#vault.probeSeal(probeTimeoutMs);
      const { sealed } = fieldsOf(data);
      // What says nothing must not pass for "not sealed".
      return typeof sealed === 'boolean' ? { sealed } : { code: 'VAULT_RESPONSE_INVALID' };
    } catch (error) {
      return isVaultError(error) ? { code: error.code } : {};
    }
  }
}
