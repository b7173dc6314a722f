import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';

const pemFile = /\.(pem|crt|cer|\d)$/;

/**
 * The certificates (PEM) of every file in a folder, as VAULT_CAPATH names one.
 * @throws VaultConfigurationError if the folder cannot be read or holds no certificate file
 */
export function readCaFolder(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => pemFile.test(name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new VaultConfigurationError(`The folder ${folder} of VAULT_CAPATH (option \`tls.caFolder\`) cannot be read (${code}).`, {
      remedy: 'Check the path and its permissions.',
    });
  }
  const certificates = names.map((name) => readFileSync(join(folder, name), 'utf8')).filter((text) => text.includes('BEGIN CERTIFICATE'));
  if (certificates.length > 0) return certificates;
  throw new VaultConfigurationError(`The folder ${folder} of VAULT_CAPATH (option \`tls.caFolder\`) holds no certificate.`, {
    remedy: 'Expected: .pem, .crt or .cer files in PEM form.',
  });
}
