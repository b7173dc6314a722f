/** Fields of a definition that are sent to the server as they are, in its own words (snake_case, durations such as `10s`). */
export type ServerFields = Readonly<Record<string, unknown>>;

/** A secrets engine to mount; `type` such as `transit`. */
export interface MountDefinition extends ServerFields {
  readonly type: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly config?: ServerFields;
}

/** An AppRole; anything that `auth/approle/role/:name` takes. Without `token_policies` it gets the policy of {@link APPLICATION_POLICY}. */
export interface AppRoleDefinition extends ServerFields {
  readonly token_policies?: readonly string[];
  readonly token_ttl?: string | number;
  readonly token_max_ttl?: string | number;
  readonly token_period?: string | number;
  readonly token_num_uses?: number;
  readonly token_type?: 'service' | 'batch';
  readonly secret_id_ttl?: string | number;
  readonly secret_id_num_uses?: number;
}

/** A role that the database engine mints credentials for; see `appRoleStatements` for statements that suit an application. */
export interface DynamicRoleDefinition extends ServerFields {
  readonly creation_statements: readonly string[];
  readonly revocation_statements?: readonly string[];
  readonly default_ttl?: string | number;
  readonly max_ttl?: string | number;
}

/** An existing database role whose password the database engine rotates. */
export interface StaticRoleDefinition extends ServerFields {
  readonly username: string;
  readonly rotation_period: string | number;
}

/** The database engine on the PostgreSQL of the same services. */
export interface DatabaseDefinition {
  /** Default `database`. */
  readonly mount?: string;
  /** Name of the connection; default `postgres`. */
  readonly connection?: string;
  readonly dynamicRoles?: Readonly<Record<string, DynamicRoleDefinition>>;
  readonly staticRoles?: Readonly<Record<string, StaticRoleDefinition>>;
}

/** The PKI engine with a root certificate of its own. */
export interface PkiDefinition {
  /** Default `pki`. */
  readonly mount?: string;
  /** Of the root certificate; default `Keyturn test root`. */
  readonly commonName?: string;
  /** Life of the root and longest life of what it signs; default `720h`. */
  readonly maxTtl?: string;
  readonly roles?: Readonly<Record<string, ServerFields>>;
}

/** A key-value engine at a mount of its own. */
export interface KvDefinition {
  readonly version: 1 | 2;
  readonly secrets?: Readonly<Record<string, ServerFields>>;
}

/** All that a server is given, as data; what is already there is kept or overwritten, so it can be applied again. */
export interface Provisioning {
  /** Secrets engines by path. */
  readonly mounts?: Readonly<Record<string, MountDefinition>>;
  /** Policies by name, in HCL. */
  readonly policies?: Readonly<Record<string, string>>;
  /** AppRoles by name; `true` is one named `app`. */
  readonly approle?: boolean | Readonly<Record<string, AppRoleDefinition>>;
  /** Secrets by path in the KV 2 engine `secret`. */
  readonly kv?: Readonly<Record<string, ServerFields>>;
  /** Other key-value engines by mount. */
  readonly kvMounts?: Readonly<Record<string, KvDefinition>>;
  readonly database?: DatabaseDefinition;
  readonly pki?: PkiDefinition;
}
