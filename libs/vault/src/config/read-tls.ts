import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsMaterial } from '../client/http-options.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { readCaFolder } from './read-ca-folder.js';
import type { VaultTlsOptions } from './vault-options.js';

/**
 * Reads the files of the TLS options.
 * @throws VaultConfigurationError that names the setting and the file, never its content
 */
export function readTls(options: VaultTlsOptions): TlsMaterial {
  if ((options.certFile === undefined) !== (options.keyFile === undefined)) {
    throw new VaultConfigurationError(
      'A client certificate needs both VAULT_CLIENT_CERT (option `tls.certFile`) and VAULT_CLIENT_KEY (option `tls.keyFile`).',
      {
        remedy: 'Set both, or neither.',
      },
    );
  }
  const ca = options.caFile === undefined ? options.ca : readPem(options.caFile, 'VAULT_CACERT (option `tls.caFile`)');
  if (ca === undefined && options.caFolder !== undefined) return { ...ownCertificate(options), ca: readCaFolder(options.caFolder) };
  if (ca !== undefined)
    parseCertificate(ca, options.caFile === undefined ? 'the option `tls.ca`' : `VAULT_CACERT (option \`tls.caFile\`), ${options.caFile},`);
  return { ...ownCertificate(options), ca };
}

function ownCertificate(options: VaultTlsOptions): Omit<TlsMaterial, 'ca'> {
  return {
    cert: options.certFile === undefined ? undefined : readPem(options.certFile, 'VAULT_CLIENT_CERT (option `tls.certFile`)'),
    key: options.keyFile === undefined ? undefined : readPem(options.keyFile, 'VAULT_CLIENT_KEY (option `tls.keyFile`)'),
    serverName: options.serverName,
    skipVerify: options.skipVerify,
  };
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new VaultConfigurationError(`The file ${file} of ${setting} cannot be read (${code}).`, {
      remedy: 'Check the path and its permissions.',
    });
  }
}

function parseCertificate(pem: string, setting: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new VaultConfigurationError(`${setting} holds no certificate in PEM form.`, {
      remedy: 'Expected: -----BEGIN CERTIFICATE----- ...',
    });
  }
}
