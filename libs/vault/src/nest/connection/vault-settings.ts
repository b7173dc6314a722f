import { completedFromEnvironment } from '../../config/environment/environment.js';
import type { Environment } from '../../config/environment/environment-variables.js';
import { resolveVaultOptions, type ResolvedVaultOptions } from '../../config/resolve-options.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { isJsonObject } from '../../support/json/json-fields.js';
import type { VaultModuleOptions } from '../vault.module-definition.js';

/** The options of a connection, or why there are none. */
export interface VaultSettings {
  readonly options: ResolvedVaultOptions;
  /** What is wrong with them. `options` then stand for a server that is not there: only who uses the connection has to know. */
  readonly problem?: VaultConfigurationError;
}

/** Completes and checks the options. Throws nothing: a test that replaces `VaultService` needs no settings. */
export function readVaultSettings(given: VaultModuleOptions, environment: Environment): VaultSettings {
  try {
    const { options, variables } = completedFromEnvironment(checkedObject(given), environment);
    return { options: resolveVaultOptions(options, variables) };
  } catch (error) {
    if (!(error instanceof VaultConfigurationError)) throw error;
    const auth = { name: 'none', login: () => Promise.reject(error) };
    return { options: resolveVaultOptions({ address: 'https://no-settings.invalid', auth }), problem: error };
  }
}

function checkedObject(given: VaultModuleOptions): VaultModuleOptions {
  if (isJsonObject(given)) return given;
  throw new VaultConfigurationError('VaultModule was given no options.', {
    setting: 'options',
    remedy: 'Return them from the factory of forRootAsync(); an empty object takes all of them from the environment.',
  });
}
