import type { EngineCall } from '../engine-call.js';

/** Source: Vault API, "Database secrets engine", "Generate credentials". */
export interface GeneratedCredentials {
  readonly username: string;
  readonly password: string;
}

/** Source: Vault API, "Database secrets engine", "Get static credentials". */
export interface StaticCredentials {
  readonly username: string;
  readonly password: string;
  /** Seconds until the next rotation, as the API says; it can lie around a rotation. */
  readonly ttl: number;
  /** Seconds between rotations; 0 for a role that rotates on a schedule. */
  readonly rotationPeriod: number;
  /** RFC 3339; changes with each rotation and is the truth about it. */
  readonly lastVaultRotation: string;
}

/** A call about something with a name: a connection or a role. */
export interface NamedCall extends EngineCall {
  readonly name: string;
}

/** Source: Vault API, "Database secrets engine", "Configure connection". */
export interface DatabaseConnectionCall extends NamedCall {
  /** Such as `postgresql-database-plugin`. */
  readonly pluginName: string;
  /** Default: true. */
  readonly verifyConnection?: boolean | undefined;
  /** `['*']`: every role. */
  readonly allowedRoles?: readonly string[] | undefined;
  readonly rootRotationStatements?: readonly string[] | undefined;
  readonly passwordPolicy?: string | undefined;
  /** What the plugin takes, such as `{ connectionUrl, username, password }`. */
  readonly extraParams?: Readonly<Record<string, unknown>> | undefined;
}

/** Source: Vault API, "Database secrets engine", "Read connection". */
export interface DatabaseConnection {
  readonly pluginName: string;
  readonly allowedRoles: readonly string[];
  /** As Vault sends it, without the password. */
  readonly connectionDetails: Readonly<Record<string, unknown>>;
  readonly rootCredentialsRotateStatements: readonly string[];
  readonly passwordPolicy?: string;
  readonly pluginVersion?: string;
}

/** Source: Vault API, "Database secrets engine", "Create role". Durations are `30s` or seconds. */
export interface DatabaseRoleCall extends NamedCall {
  readonly dbName: string;
  readonly creationStatements: readonly string[];
  readonly defaultTtl?: string | number | undefined;
  readonly maxTtl?: string | number | undefined;
  readonly revocationStatements?: readonly string[] | undefined;
  readonly rollbackStatements?: readonly string[] | undefined;
  readonly renewStatements?: readonly string[] | undefined;
  readonly extraParams?: Readonly<Record<string, unknown>> | undefined;
}

/** TTLs in seconds. */
export interface DatabaseRole {
  readonly dbName: string;
  readonly creationStatements: readonly string[];
  readonly revocationStatements: readonly string[];
  readonly rollbackStatements: readonly string[];
  readonly renewStatements: readonly string[];
  readonly defaultTtl: number;
  readonly maxTtl: number;
}

/** Source: Vault API, "Database secrets engine", "Create static role". */
export interface DatabaseStaticRoleCall extends NamedCall {
  readonly dbName: string;
  /** A user that exists in the database. */
  readonly username: string;
  /** Default: 86,400 s. */
  readonly rotationPeriod?: string | number | undefined;
  readonly rotationStatements?: readonly string[] | undefined;
  readonly extraParams?: Readonly<Record<string, unknown>> | undefined;
}

export interface DatabaseStaticRole {
  readonly dbName: string;
  readonly username: string;
  /** Seconds. */
  readonly rotationPeriod: number;
  readonly rotationStatements: readonly string[];
  /** RFC 3339. */
  readonly lastVaultRotation: string;
}
