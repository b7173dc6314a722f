import type { OpenBaoOptions } from './openbao/open-bao.options.js';
import type { PostgresServerOptions } from './postgres/postgres-server.options.js';

/** Which servers are started; `true` takes the defaults. */
export interface DevServicesOptions {
  readonly openbao?: boolean | OpenBaoOptions;
  readonly postgres?: boolean | PostgresServerOptions;
  /** Ends a start under way and cleans up after it. */
  readonly signal?: AbortSignal;
}
