import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificateAuthority } from './certificate-authority.js';

/** Files of a TLS server, PEM. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** Has a server certificate issued and writes it, its key (mode 0600) and the authority's certificate into `folder`. */
export async function issueTlsFiles(authority: CertificateAuthority, folder: string): Promise<TlsFiles> {
  const files = { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server-key.pem'), caFile: join(folder, 'ca.pem') };
  const { certificate, privateKey } = await authority.issue('localhost');
  await writeFile(files.certificateFile, certificate);
  await writeFile(files.keyFile, privateKey, { mode: 0o600 });
  await writeFile(files.caFile, authority.certificate);
  return files;
}
