import type { OpenBaoAccess } from './openbao/open-bao-api.js';
import type { OpenBaoServerOptions } from './openbao/open-bao-server.options.js';
import type { PostgresServerOptions } from './postgres/postgres-server.options.js';
import type { Provisioning } from './provisioning/provisioning.js';

/** The OpenBao that is wanted and what it is given once it runs. */
export interface OpenBaoOptions extends OpenBaoServerOptions, Provisioning {
  /** Puts a fault proxy before the server; default true, as its traffic is small. */
  readonly faults?: boolean;
  /** A server that already runs instead of a new one; `true` reads VAULT_ADDR, VAULT_TOKEN and VAULT_CACERT. */
  readonly external?: boolean | OpenBaoAccess;
}

/** Which servers are started; `true` takes the defaults. */
export interface DevServicesOptions {
  readonly openbao?: boolean | OpenBaoOptions;
  readonly postgres?: boolean | PostgresServerOptions;
  /** Ends a start under way and cleans up after it. */
  readonly signal?: AbortSignal;
}
