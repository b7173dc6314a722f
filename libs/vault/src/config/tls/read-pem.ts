import { readFileSync } from 'node:fs';
import { errorCodeOf } from '../../client/http/transport-error.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { shownSetting, type Setting } from '../../support/checked/setting.js';

/** The text of a PEM file. @throws VaultConfigurationError that names the setting and the file */
export function readPem(file: string, setting: Setting): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new VaultConfigurationError(`The file ${file} of ${shownSetting(setting)} cannot be read (${errorCodeOf(error)}).`, {
      setting: setting.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}
