import type { CredentialsSetting } from './credentials-setting.js';

/** Where the recipes are and how the application logs in there. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** PEM file of the authority behind the server's certificate; without it the connection is plain. */
  readonly caFile: string | undefined;
  /** For serving: reads only. */
  readonly credentials: CredentialsSetting;
  /** For `npm run migrate`: owns the schema. */
  readonly migrationCredentials: CredentialsSetting;
  readonly poolSize: number;
  /** How long a replaced pool may finish what it has begun. */
  readonly drainMs: number;
  readonly connectTimeoutMs: number;
  /** Share of the credentials' life after which they are replaced. */
  readonly rotateAtFraction: number;
}

/** Everything that the environment decides about Grimoire, apart from VAULT_*, which VaultModule reads itself. The class is the token. */
export abstract class GrimoireSettings {
  /** 0 lets the system choose. */
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly database: DatabaseSettings;
}
