import type { VaultHandler } from '../../client/call/vault-handler.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import type { EngineCall } from '../engine-call.js';
import { EngineClient, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import type { TokenCreateCall, TokenFacts, TokenRoleCall } from './token-auth.types.js';

type TokenCall = EngineCall & { readonly token: string };
type AccessorCall = EngineCall & { readonly accessor: string };
type Increment = { readonly increment?: string | number | undefined };
type RoleCall = EngineCall & { readonly roleName: string };
type Fields = Readonly<Record<string, unknown>>;

/**
 * Tokens, in hvac's words. None of these calls changes the token of the session. New tokens are in the answer's `auth`.
 * Source: Vault API, "Token auth method".
 */
export class TokenAuthEngine {
  readonly #client: EngineClient;

  constructor(send: VaultHandler) {
    this.#client = new EngineClient(send, 'token', ['auth']);
  }

  create(options: TokenCreateCall = {}): Promise<VaultResponse<null>> {
    const path = options.roleName === undefined ? ['create'] : ['create', options.roleName];
    return this.#create(options, path);
  }

  /** A token without parent: it does not end with the token that made it. */
  createOrphan(options: TokenCreateCall = {}): Promise<VaultResponse<null>> {
    return this.#create(options, ['create-orphan']);
  }

  listAccessors(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'accessors');
  }

  lookup(options: TokenCall): Promise<VaultResponse<TokenFacts>> {
    return this.#client.ask(options, ['lookup'], bodyOf(options));
  }

  lookupSelf(options: EngineCall = {}): Promise<VaultResponse<TokenFacts>> {
    return this.#client.read(options, 'lookup-self');
  }

  lookupAccessor(options: AccessorCall): Promise<VaultResponse<TokenFacts>> {
    return this.#client.ask(options, ['lookup-accessor'], bodyOf(options));
  }

  renew(options: TokenCall & Increment): Promise<VaultResponse<null>> {
    return this.#renew(options, 'renew');
  }

  /** The session renews its token by itself; this is for periods of your own. */
  renewSelf(options: EngineCall & Increment = {}): Promise<VaultResponse<null>> {
    return this.#renew(options, 'renew-self');
  }

  renewAccessor(options: AccessorCall & Increment): Promise<VaultResponse<null>> {
    return this.#renew(options, 'renew-accessor');
  }

  revoke(options: TokenCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['revoke'], bodyOf(options));
  }

  /** Ends the token of the session with all its leases; the next call logs in again. */
  revokeSelf(options: EngineCall = {}): Promise<VaultResponse<null>> {
    return this.#client.mint(options, ['revoke-self']);
  }

  revokeAccessor(options: AccessorCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['revoke-accessor'], bodyOf(options));
  }

  revokeAndOrphanChildren(options: TokenCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['revoke-orphan'], bodyOf(options));
  }

  createOrUpdateRole(options: TokenRoleCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['roles', options.roleName], bodyOf(options, 'roleName'));
  }

  readRole(options: RoleCall): Promise<VaultResponse<Fields>> {
    return this.#client.read(options, 'roles', options.roleName);
  }

  listRoles(options: EngineCall = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'roles');
  }

  deleteRole(options: RoleCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'roles', options.roleName);
  }

  /** Removes what revoked tokens left behind, on the server, some time later. */
  tidy(options: EngineCall = {}): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['tidy']);
  }

  #create(options: TokenCreateCall, path: readonly string[]): Promise<VaultResponse<null>> {
    return this.#client.request(options, { method: 'POST', path, body: bodyOf(options, 'roleName'), mints: true, kind: 'token' });
  }

  #renew(options: EngineCall & Increment, path: string): Promise<VaultResponse<null>> {
    return this.#client.request(options, { method: 'POST', path: [path], body: bodyOf(options), mints: false, kind: 'auth' });
  }
}
