import { join } from 'node:path';
import type { TlsFiles } from '../tls/issue-tls-files.js';

/** What the configuration of a persistent server says. */
export interface PersistentConfiguration {
  readonly folder: string;
  readonly port: number;
  readonly tls?: TlsFiles;
}

/**
 * The HCL configuration of a server that keeps its data: one raft node. (OpenBao 2.7 no longer has file storage.)
 * HashiCorp Vault insists on `disable_mlock` with raft; OpenBao ignores it with a warning.
 */
export function persistentConfiguration({ folder, port, tls }: PersistentConfiguration): string {
  const scheme = tls ? 'https' : 'http';
  const listener = tls
    ? `tls_cert_file = ${JSON.stringify(tls.certificateFile)}\n  tls_key_file = ${JSON.stringify(tls.keyFile)}`
    : 'tls_disable = true';
  return `disable_mlock = true
api_addr = "${scheme}://127.0.0.1:${port}"
cluster_addr = "https://127.0.0.1:${port + 1}"
storage "raft" {
  path = ${JSON.stringify(join(folder, 'data'))}
  node_id = "keyturn"
  performance_multiplier = 1
}
listener "tcp" {
  address = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${port + 1}"
  ${listener}
}
`;
}
