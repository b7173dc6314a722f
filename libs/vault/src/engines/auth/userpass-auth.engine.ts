import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import type { EngineCall } from '../engine-call.js';
import { EngineClient, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';

type UserCall = EngineCall & { readonly username: string };
type PasswordCall = UserCall & { readonly password: string };

export interface UserDefinitionCall extends UserCall {
  readonly password?: string | undefined;
  readonly policies?: readonly string[] | undefined;
  readonly extraParams?: Readonly<Record<string, unknown>> | undefined;
}

/** User names and passwords, in hvac's words. Source: Vault API, "Userpass auth method". */
export class UserpassAuthEngine {
  readonly #client: EngineClient;

  constructor(send: VaultHandler) {
    this.#client = new EngineClient(send, 'userpass', ['auth']);
  }

  /** A token for a user and password, in the answer's `auth`. The session keeps its own token. */
  login(options: PasswordCall): Promise<VaultResponse<null>> {
    const body = bodyOf(options, 'username');
    return this.#client.request(options, {
      method: 'POST',
      path: ['login', options.username],
      body,
      token: 'none',
      mints: true,
      kind: 'token',
    });
  }

  createOrUpdateUser(options: UserDefinitionCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['users', options.username], bodyOf(options, 'username'));
  }

  updatePasswordOnUser(options: PasswordCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['users', options.username, 'password'], bodyOf(options, 'username'));
  }

  listUser(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'users');
  }

  readUser(options: UserCall): Promise<VaultResponse<Readonly<Record<string, unknown>>>> {
    return this.#client.read(options, 'users', options.username);
  }

  deleteUser(options: UserCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'users', options.username);
  }
}
