import type { ServerDistribution } from '../locate/locate-open-bao.js';

/** What kind of server is started. */
export interface OpenBaoServerOptions {
  /** `dev`: in memory, unsealed, ready in half a second. `persistent`: on disk; can be sealed, killed and restarted without loss. Default `dev`. */
  readonly mode?: 'dev' | 'persistent';
  /** HTTPS with a certificate of a throw-away authority for 127.0.0.1 and localhost. Default false. */
  readonly tls?: boolean;
  /** Which server program is taken. Default `any`. */
  readonly distribution?: ServerDistribution;
  /** A fixed port; default a free one. The port after it is used as well (cluster port). */
  readonly port?: number;
}
