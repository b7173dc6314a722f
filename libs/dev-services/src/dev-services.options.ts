import type { OpenBaoServerOptions } from './openbao/open-bao-server.options.js';
import type { PostgresServerOptions } from './postgres/postgres-server.options.js';

/** Which servers are started; `true` takes the defaults. */
export interface DevServicesOptions {
  readonly openbao?: boolean | OpenBaoServerOptions;
  readonly postgres?: boolean | PostgresServerOptions;
}
