import { X509Certificate } from 'node:crypto';
import type { TlsMaterial } from '../../client/http/http-options.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { shownSetting, type Setting } from '../../support/checked/setting.js';
import { readCaFolder } from './read-ca-folder.js';
import type { OptionNames } from '../option-names.js';
import { readClientCertificate } from './read-client-certificate.js';
import { readPem } from './read-pem.js';
import type { VaultTlsOptions } from '../vault-options.js';

/**
 * Reads the files of the TLS options.
 * @throws VaultConfigurationError that names the setting and the file, never its content
 */
export function readTls(options: VaultTlsOptions, names: OptionNames): TlsMaterial {
  const { serverName, skipVerify } = options;
  const own = { ...readClientCertificate(options, names), serverName, skipVerify };
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
