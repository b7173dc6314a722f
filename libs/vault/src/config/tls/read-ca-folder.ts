import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../../client/http/transport-error.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { shownSetting, type Setting } from '../../support/checked/setting.js';

const pemFile = /\.(pem|crt|cer|\d)$/;

/**
 * The certificates (PEM) of every file in a folder, as VAULT_CAPATH names one. Folders below are left out.
 * @throws VaultConfigurationError if the folder or a file in it cannot be read, or if it holds no certificate file
 */
export function readCaFolder(folder: string, setting: Setting): readonly string[] {
  const certificates = textsIn(folder, setting).filter((text) => text.includes('BEGIN CERTIFICATE'));
  if (certificates.length > 0) return certificates;
  throw new VaultConfigurationError(`The folder ${folder} of ${shownSetting(setting)} holds no certificate.`, {
    setting: setting.variable,
    remedy: 'Expected: .pem, .crt or .cer files in PEM form.',
  });
}

function textsIn(folder: string, setting: Setting): readonly string[] {
  let path = folder;
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => pemFile.test(entry.name) && !entry.isDirectory());
    return files.map(({ name }) => {
      path = join(folder, name);
      return readFileSync(path, 'utf8');
    });
  } catch (error) {
    const what = path === folder ? `The folder ${folder}` : `The file ${path}`;
    throw new VaultConfigurationError(`${what} of ${shownSetting(setting)} cannot be read (${errorCodeOf(error)}).`, {
      setting: setting.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}
