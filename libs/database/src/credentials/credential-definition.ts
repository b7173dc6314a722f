import type { Clock, VaultService } from '@keyturn/vault';
import type { CredentialSource } from './credential-source.js';

/**
 * What the sources use of Vault. A fake may leave methods out. Without `onModuleInit` it is not logged in first. Without `abandonStart` or
 * `onApplicationShutdown` it stays open at the end. Without `session` it is asked under the token that it has.
 */
export type VaultAccess = Pick<VaultService, 'secrets' | 'leases' | 'request'> &
  Partial<Pick<VaultService, 'onModuleInit' | 'abandonStart' | 'onApplicationShutdown' | 'session'>>;

export interface CredentialContext {
  readonly vault: VaultAccess;
  readonly clock: Clock;
}

/** Credentials as the options of a data source describe them, before there is a connection to Vault. */
export interface CredentialDefinition {
  /** For people: `database/creds/reader`. */
  readonly name: string;
  /** The source that fetches them. */
  connect(context: CredentialContext): CredentialSource;
}
