import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { errorCodeOf } from '../../client/http/transport-error.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { shownSetting, type Setting } from '../../support/checked/setting.js';
import type { OptionNames } from '../option-names.js';
import { readPem } from './read-pem.js';
import type { VaultTlsOptions } from '../vault-options.js';

export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

interface PemFile {
  readonly setting: Setting;
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the client certificate and its key. Looked at here, because OpenSSL takes a pair of two kinds, such as EC and RSA, and then shows none.
 * @returns undefined without one
 * @throws VaultConfigurationError that names the settings and the files, never their content
 */
export function readClientCertificate({ certFile, keyFile }: VaultTlsOptions, names: OptionNames): ClientCertificate | undefined {
  const [certificate, key] = [names.settingOf('tls.certFile'), names.settingOf('tls.keyFile')];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new VaultConfigurationError(`A client certificate needs both ${shownSetting(certificate)} and ${shownSetting(key)}.`, {
      setting: (certFile === undefined ? certificate : key).variable,
      remedy: 'Set both, or neither.',
    });
  }
  const cert = { setting: certificate, file: certFile, text: readPem(certFile, certificate) };
  const own = { setting: key, file: keyFile, text: readPem(keyFile, key) };
  if (!certificateOf(cert).checkPrivateKey(keyOf(own))) throw unfit(cert, own);
  return { cert: cert.text, key: own.text };
}

function certificateOf({ text, setting, file }: PemFile): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new VaultConfigurationError(`${shownSetting(setting)}, ${file}, holds no certificate in PEM form.`, {
      setting: setting.variable,
      remedy: 'Expected: -----BEGIN CERTIFICATE----- ...',
    });
  }
}

function keyOf({ text, setting, file }: PemFile): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new VaultConfigurationError(`${shownSetting(setting)}, ${file}, holds no private key that can be used (${errorCodeOf(error)}).`, {
      setting: setting.variable,
      remedy: text.includes('ENCRYPTED')
        ? 'The key is encrypted, and there is no option for its passphrase: decrypt it, and protect the file by its permissions.'
        : 'Expected: -----BEGIN PRIVATE KEY----- ...',
    });
  }
}

function unfit(cert: PemFile, key: PemFile): VaultConfigurationError {
  const message = `The key of ${shownSetting(key.setting)}, ${key.file}, is not that of the certificate of ${shownSetting(cert.setting)}, ${cert.file}.`;
  return new VaultConfigurationError(message, {
    setting: key.setting.variable,
    remedy: 'Give the key that the first certificate of the file was issued for; each of the two may come from the environment.',
  });
}
