/** What kind of PostgreSQL is started. */
export interface PostgresServerOptions {
  /** The application's database, created next to `postgres`. Default `app`. */
  readonly database?: string;
  /** TLS with a throw-away authority; `clientCertificate` asks for one (`verify-full`) in addition to the password. Default no TLS. */
  readonly tls?: boolean | { readonly clientCertificate: boolean };
  /**
   * How applications prove who they are (`pg_hba.conf`). Default: SCRAM. With `md5`, passwords are stored as MD5 as well: for a password
   * that is stored for SCRAM, the server would ask for SCRAM.
   */
  readonly authentication?: 'scram-sha-256' | 'md5' | 'password' | 'trust';
  /** Server settings such as `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** SQL run by the superuser in the application's database once it is there: roles, schema, sample data. */
  readonly setup?: readonly string[];
  /** Puts a fault proxy before the server; default false. */
  readonly faults?: boolean;
  /**
   * A standby that follows this server by streaming replication, `applyDelayMs` later (default 0; `standby.setApplyDelay()` changes it).
   * Default none.
   */
  readonly standby?: boolean | { readonly applyDelayMs?: number };
  /** A fixed port; default a free one. */
  readonly port?: number;
}
