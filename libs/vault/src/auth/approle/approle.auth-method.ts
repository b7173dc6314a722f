import { vaultPath } from '../../client/request/vault-path.js';
import type { AuthMethod, LoginContext, LoginResult } from '../auth-method.js';
import type { CredentialInput } from '../credential-input.js';
import { CredentialReader } from '../credential-reader.js';
import { loginAnswer } from '../login-answer.js';

export interface AppRoleOptions {
  readonly roleId: CredentialInput;
  /** Left out for roles with `bind_secret_id=false`. */
  readonly secretId?: CredentialInput | undefined;
  /** Where the method is mounted; default `approle`. */
  readonly mountPoint?: string | undefined;
  /** Where it is mounted, if not in the namespace that the connection works in; `''` is the root namespace. */
  readonly namespace?: string | undefined;
}

const roleIdSetting = { variable: 'VAULT_ROLE_ID', option: 'auth: appRole({ roleId })' };
const secretIdSetting = { variable: 'VAULT_SECRET_ID', option: 'auth: appRole({ secretId })' };

const remedy =
  'Check VAULT_ROLE_ID and VAULT_SECRET_ID (option `auth: appRole(...)`): the secret id may be wrong, expired, used up or bound to another address; check the mount and the namespace.';

/** Log-in with a role id and a secret id. Source: Vault API, "AppRole auth method", "Login with AppRole". */
export class AppRoleAuthMethod implements AuthMethod {
  readonly name = 'approle';
  readonly namespace: string | undefined;
  readonly #roleId: CredentialReader;
  readonly #secretId: CredentialReader | undefined;
  readonly #mountPoint: string;

  /** @throws VaultConfigurationError if the role id or a given secret id is empty */
  constructor(options: AppRoleOptions) {
    this.#roleId = new CredentialReader(options.roleId, roleIdSetting);
    this.#secretId = options.secretId === undefined ? undefined : new CredentialReader(options.secretId, secretIdSetting);
    this.namespace = options.namespace;
    this.#mountPoint = options.mountPoint ?? 'approle';
  }

  async login({ send, signal }: LoginContext): Promise<LoginResult> {
    const roleId = await this.#roleId.read(signal);
    const secretId = await this.#secretId?.read(signal);
    const answer = send({
      method: 'POST',
      path: vaultPath('auth', this.#mountPoint, 'login'),
      body: { role_id: roleId.reveal(), ...(secretId === undefined ? {} : { secret_id: secretId.reveal() }) },
      token: 'none',
      mints: true,
      namespace: this.namespace,
      // No signal: a token that was made meanwhile has to arrive, to be revoked. The call has a deadline of its own.
    });
    return loginAnswer(answer, { method: 'AppRole', mountPoint: this.#mountPoint, remedy });
  }
}

/** Authenticates with AppRole. */
export function appRole(options: AppRoleOptions): AuthMethod {
  return new AppRoleAuthMethod(options);
}
