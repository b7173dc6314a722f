import { VaultAuthenticationError } from '../../errors/vault-authentication.error.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { isJsonObject } from '../../support/json/json-fields.js';
import type { AuthMethod, LoginContext, LoginResult } from '../auth-method.js';
import type { CredentialInput } from '../credential-input.js';
import { CredentialReader } from '../credential-reader.js';

const remedy =
  'Give VAULT_TOKEN (option `auth: token(...)`) a live token that has the `default` policy; check that it is of this server and namespace.';
const setting = { variable: 'VAULT_TOKEN', option: 'auth: token(...)' };

interface TokenFacts {
  /** Checked by the session. */
  readonly ttl?: number;
  /** null for a token that does not expire. */
  readonly expire_time?: string | null;
  readonly renewable?: boolean;
  readonly num_uses?: number;
  readonly entity_id?: string;
  readonly accessor?: string;
}

/** Uses a token that somebody else obtained. Source: Vault API, "Token auth method", "Lookup a token (self)". */
export class TokenAuthMethod implements AuthMethod {
  readonly name = 'token';
  readonly #token: CredentialReader;

  /** @throws VaultConfigurationError if the token is empty */
  constructor(input: CredentialInput) {
    this.#token = new CredentialReader(input, setting);
  }

  async login({ send, signal }: LoginContext): Promise<LoginResult> {
    const value = await this.#token.read(signal);
    try {
      const response = await send({ method: 'GET', path: 'auth/token/lookup-self', token: { value, epoch: 0 }, signal });
      const data = (isJsonObject(response.data) ? response.data : {}) as TokenFacts;
      // Vault shows whole seconds, and 0 both for the last second of a life and for a life without end.
      if (data.ttl === 0 && typeof data.expire_time === 'string') throw new VaultAuthenticationError('The token has expired.', { remedy });
      // Vault says so of a token whose last use was this look-up.
      if (typeof data.num_uses === 'number' && data.num_uses < 0)
        throw new VaultAuthenticationError('The uses of the token are spent.', { remedy });
      return {
        token: value,
        ttlSeconds: data.ttl ?? 0,
        renewable: data.renewable === true,
        sentAtMs: response.sentAtMs,
        owned: false,
        // What is left after this look-up.
        numUses: data.num_uses,
        canLookUpSelf: true,
        identity: data.entity_id || data.accessor,
      };
    } catch (error) {
      if (!isVaultError(error, 'VAULT_PERMISSION_DENIED')) throw error;
      throw new VaultAuthenticationError(
        'Vault refused the token: it is wrong, expired or revoked, its uses (`num_uses`) are spent, or its policy does not allow auth/token/lookup-self.',
        {
          cause: error,
          status: 403,
          remedy,
        },
      );
    }
  }
}

/** Authenticates with a token that exists already. It is renewed while it can be, and never revoked by Keyturn. */
export function token(input: CredentialInput): AuthMethod {
  return new TokenAuthMethod(input);
}
