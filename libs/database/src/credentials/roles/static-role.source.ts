import type { CredentialContext } from '../credential-definition.js';
import type { CredentialSource } from '../credential-source.js';
import { DatabaseCredential } from '../database-credential.js';
import type { IssuedCredential } from '../issued-credential.js';
import { StaticCredential } from './static-credential.js';

export interface StaticRoleSourceOptions extends CredentialContext {
  readonly role: string;
  readonly mountPoint: string;
  readonly repair: boolean;
}

/** Reads the password of a static role. Source: Vault API, "Database secrets engine", "Get static credentials". */
export class StaticRoleSource implements CredentialSource {
  readonly name: string;
  readonly mints = false;
  readonly #options: StaticRoleSourceOptions;

  constructor(options: StaticRoleSourceOptions) {
    this.#options = options;
    this.name = `${options.mountPoint}/static-creds/${options.role}`;
  }

  /** The client does not repeat the call: the rotation paces the tries, one a second. */
  async issue(signal: AbortSignal): Promise<IssuedCredential> {
    const { vault, role, mountPoint } = this.#options;
    const response = await vault.secrets.database.getStaticCredentials({
      name: role,
      mountPoint,
      signal,
      bypassCache: true,
      repeat: false,
    });
    const { username, password, ttl, rotationPeriod } = response.data;
    return new StaticCredential(new DatabaseCredential({ username, password }), {
      readAtMs: response.sentAtMs,
      ttlMs: ttl * 1_000,
      periodMs: rotationPeriod * 1_000,
    });
  }

  /** `PasswordReader` decides when. */
  async repair(signal: AbortSignal): Promise<boolean> {
    const { vault, role, mountPoint, repair } = this.#options;
    if (!repair) return false;
    try {
      await vault.secrets.database.rotateStaticRoleCredentials({ name: role, mountPoint, signal });
      return true;
    } catch {
      return false;
    }
  }
}
