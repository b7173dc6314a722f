import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { holding, isText } from '../answer-check.js';
import type { EngineCall } from '../engine-call.js';
import { EngineClient, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import type {
  AppRoleCall,
  AppRoleDefinitionCall,
  AppRoleLoginCall,
  GenerateSecretIdCall,
  SecretIdAccessorCall,
  SecretIdAnswer,
  SecretIdCall,
} from './approle-auth.types.js';

type Fields = Readonly<Record<string, unknown>>;

/** AppRole, in hvac's words: log-in and the administration of roles and secret ids. Source: Vault API, "AppRole auth method". */
export class AppRoleAuthEngine {
  readonly #client: EngineClient;

  constructor(send: VaultHandler) {
    this.#client = new EngineClient(send, 'approle', ['auth']);
  }

  /** A token for a role id and a secret id, in the answer's `auth`. The session keeps its own token. */
  login(options: AppRoleLoginCall): Promise<VaultResponse<null>> {
    return this.#client.request(options, {
      method: 'POST',
      path: ['login'],
      body: bodyOf(options),
      token: 'none',
      mints: true,
      kind: 'token',
    });
  }

  createOrUpdateApprole(options: AppRoleDefinitionCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['role', options.roleName], bodyOf(options, 'roleName'));
  }

  listRoles(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'role');
  }

  readRole(options: AppRoleCall): Promise<VaultResponse<Fields>> {
    return this.#client.read(options, 'role', options.roleName);
  }

  deleteRole(options: AppRoleCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'role', options.roleName);
  }

  readRoleId(options: AppRoleCall): Promise<VaultResponse<{ readonly roleId: string }>> {
    return this.#client.read(options, 'role', options.roleName, 'role-id');
  }

  updateRoleId(options: AppRoleCall & { readonly roleId: string }): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['role', options.roleName, 'role-id'], bodyOf(options, 'roleName'));
  }

  generateSecretId(options: GenerateSecretIdCall): Promise<VaultResponse<SecretIdAnswer>> {
    return this.#newSecretId(options, 'secret-id');
  }

  createCustomSecretId(options: GenerateSecretIdCall & SecretIdCall): Promise<VaultResponse<SecretIdAnswer>> {
    return this.#newSecretId(options, 'custom-secret-id');
  }

  readSecretId(options: SecretIdCall): Promise<VaultResponse<Fields>> {
    return this.#client.write(options, ['role', options.roleName, 'secret-id', 'lookup'], bodyOf(options, 'roleName'));
  }

  destroySecretId(options: SecretIdCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['role', options.roleName, 'secret-id', 'destroy'], bodyOf(options, 'roleName'));
  }

  listSecretIdAccessors(options: AppRoleCall): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'role', options.roleName, 'secret-id');
  }

  readSecretIdAccessor(options: SecretIdAccessorCall): Promise<VaultResponse<Fields>> {
    return this.#client.write(options, ['role', options.roleName, 'secret-id-accessor', 'lookup'], bodyOf(options, 'roleName'));
  }

  destroySecretIdAccessor(options: SecretIdAccessorCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['role', options.roleName, 'secret-id-accessor', 'destroy'], bodyOf(options, 'roleName'));
  }

  #newSecretId(options: GenerateSecretIdCall, kind: string): Promise<VaultResponse<SecretIdAnswer>> {
    const path = ['role', options.roleName, kind];
    const convert = holding({ secret_id: isText });
    return this.#client.request(options, { method: 'POST', path, body: secretIdBody(options), mints: true, convert });
  }
}

/** Vault takes the metadata of a secret id as JSON in a string. */
function secretIdBody(options: GenerateSecretIdCall): Readonly<Record<string, unknown>> {
  const metadata = options.metadata === undefined ? undefined : JSON.stringify(options.metadata);
  return bodyOf({ ...options, metadata }, 'roleName');
}
