import type { VaultCredential } from '../request/vault-request.js';

/** Where the auth interceptor gets its token: the session implements it. */
export interface TokenSource {
  /**
   * The live token, for one call; logs in when there is none, or none that may be used once more.
   * @throws VaultError if the log-in fails
   */
  current(): Promise<VaultCredential> | VaultCredential;
  /**
   * Called when Vault answered 403 to `rejected`.
   * @returns another live token to try once more with, or undefined if the token is live and the policy says no
   */
  replaceRejected(rejected: VaultCredential): Promise<VaultCredential | undefined>;
}
