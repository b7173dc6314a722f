import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsMaterial } from '../client/http-options.js';
import { errorCodeOf } from '../client/transport-error.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { shownSetting, type Setting } from '../support/setting.js';
import { readCaFolder } from './read-ca-folder.js';
import type { OptionNames } from './option-names.js';
import type { VaultTlsOptions } from './vault-options.js';

/**
 * Reads the files of the TLS options.
 * @throws VaultConfigurationError that names the setting and the file, never its content
 */
export function readTls(options: VaultTlsOptions, names: OptionNames): TlsMaterial {
  const certFile = names.settingOf('tls.certFile');
  const keyFile = names.settingOf('tls.keyFile');
  if ((options.certFile === undefined) !== (options.keyFile === undefined)) {
    throw new VaultConfigurationError(`A client certificate needs both ${shownSetting(certFile)} and ${shownSetting(keyFile)}.`, {
      setting: (options.certFile === undefined ? certFile : keyFile).variable,
      remedy: 'Set both, or neither.',
    });
  }
  const own = ownCertificate(options, certFile, keyFile);
  const caFile = names.settingOf('tls.caFile');
  if (options.caFile !== undefined) {
    const ca = readPem(options.caFile, caFile);
    checkCertificate(ca, caFile, `, ${options.caFile},`);
    return { ...own, ca };
  }
  if (options.ca !== undefined) {
    checkCertificate(options.ca, names.settingOf('tls.ca'));
    return { ...own, ca: options.ca };
  }
  return { ...own, ca: options.caFolder === undefined ? undefined : readCaFolder(options.caFolder, names.settingOf('tls.caFolder')) };
}

function ownCertificate(options: VaultTlsOptions, certFile: Setting, keyFile: Setting): Omit<TlsMaterial, 'ca'> {
  return {
    cert: options.certFile === undefined ? undefined : readPem(options.certFile, certFile),
    key: options.keyFile === undefined ? undefined : readPem(options.keyFile, keyFile),
    serverName: options.serverName,
    skipVerify: options.skipVerify,
  };
}

function readPem(file: string, setting: Setting): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new VaultConfigurationError(`The file ${file} of ${shownSetting(setting)} cannot be read (${errorCodeOf(error)}).`, {
      setting: setting.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}

function checkCertificate(pem: string, setting: Setting, file = ''): void {
  try {
    void new X509Certificate(pem);
  } catch {
    throw new VaultConfigurationError(`${shownSetting(setting)}${file} holds no certificate in PEM form.`, {
      setting: setting.variable,
      remedy: 'Expected: -----BEGIN CERTIFICATE----- ...',
    });
  }
}
