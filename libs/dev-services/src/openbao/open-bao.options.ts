import type { OpenBaoAccess } from '../api/open-bao-api.js';
import type { Provisioning } from '../provisioning/provisioning.js';
import type { OpenBaoServerOptions } from './open-bao-server.options.js';

/** The OpenBao that is wanted and what it is given once it runs. */
export interface OpenBaoOptions extends OpenBaoServerOptions, Provisioning {
  /** Puts a fault proxy before the server; default true, as its traffic is small. */
  readonly faults?: boolean;
  /** A server that already runs instead of a new one; `true` reads VAULT_ADDR, VAULT_TOKEN and VAULT_CACERT. */
  readonly external?: boolean | OpenBaoAccess;
}
