import type { OpenBaoAccess, PostgresAccess } from '@keyturn/dev-services';

/** The servers that all specs of a run share; a spec takes them with `inject('servers')` and keeps to mounts and roles of its own. */
export interface SharedServers {
  /** A dev-mode OpenBao, as its administrator: `new OpenBaoAdmin(servers.openbao, servers.postgres.vault)`. */
  readonly openbao: OpenBaoAccess;
  readonly postgres: {
    /** For `queryPostgres(servers.postgres.superuser, sql)`. */
    readonly superuser: PostgresAccess;
    /** The log-in that OpenBao's database engine uses. */
    readonly vault: PostgresAccess;
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: SharedServers;
  }
}
