import { isVaultError } from '@keyturn/vault';

/** Where the application takes each option of the libraries from. */
const variables: Readonly<Record<string, string>> = {
  'typeorm.host': 'DB_HOST, DB_PORT',
  'typeorm.database': 'DB_NAME',
  'typeorm.ssl': 'DB_CACERT',
  'typeorm.poolSize': 'DB_POOL_SIZE',
  'rotation.drainMs': 'DB_DRAIN_MS',
  'rotation.atFraction': 'DB_ROTATE_AT_FRACTION',
};

/** What names a database role of Vault in its API. Source: Vault API, "Database secrets engine". */
const credentialsPath = /\/(static-)?creds\/[^/]+$/;

/**
 * The environment variable that a library's error comes from.
 * @param credentialsSetting the variable that named the database role
 * @returns undefined when the error is not about one
 */
export function settingAtFault(error: Error, credentialsSetting: string): string | undefined {
  if (isVaultError(error) && credentialsPath.test(error.request?.path ?? '')) return credentialsSetting;
  const option: unknown = 'setting' in error ? error.setting : undefined;
  if (typeof option !== 'string' || option === '') return undefined;
  return option === 'credentials' ? credentialsSetting : (variables[option] ?? option);
}
