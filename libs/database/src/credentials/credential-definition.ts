import type { Clock, VaultService } from '@keyturn/vault';
import type { CredentialSource } from './credential-source.js';

/**
 * What the sources use of Vault. A fake that has no `onModuleInit` is not logged in first, one without `abandonStart` or `onApplicationShutdown`
 * stays open then, and one without `session` is asked under the token that it has.
 */
export type VaultAccess = Pick<VaultService, 'secrets' | 'leases' | 'request'> &
  Partial<Pick<VaultService, 'onModuleInit' | 'abandonStart' | 'onApplicationShutdown' | 'session'>>;

export interface CredentialContext {
  readonly vault: VaultAccess;
  readonly clock: Clock;
}

/** Credentials as a data source's options describe them: what is wanted, before there is a connection to Vault. */
export interface CredentialDefinition {
  /** For people: `database/creds/reader`. */
  readonly name: string;
  /** The source that fetches them. */
  connect(context: CredentialContext): CredentialSource;
}
