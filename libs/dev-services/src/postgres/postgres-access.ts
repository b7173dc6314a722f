/** How to log in to a PostgreSQL server with a password. */
export interface PostgresAccess {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** PEM file of the authority behind the server's certificate; set when the server speaks TLS. */
  readonly caFile?: string;
}
