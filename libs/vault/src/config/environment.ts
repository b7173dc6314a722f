import { readFileSync } from 'node:fs';
import { appRole } from '../auth/approle/approle.auth-method.js';
import type { AuthMethod } from '../auth/auth-method.js';
import { token } from '../auth/token/token.auth-method.js';
import { errorCodeOf } from '../client/transport-error.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { parseDurationMs } from '../support/duration.js';
import type { Environment } from './environment-variables.js';
import { proxyOf } from './proxy-environment.js';
import type { VaultOptions, VaultRetryOptions, VaultTlsOptions } from './vault-options.js';

/** A value, or the file that `*_FILE` names. */
type EnvironmentInput = string | { readonly file: string; readonly variable: string };

/**
 * The options that the environment describes: VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT, VAULT_NAMESPACE, VAULT_ROLE_ID,
 * VAULT_SECRET_ID (each also as `*_FILE`), VAULT_AUTH_METHOD, VAULT_CLIENT_TIMEOUT, VAULT_SKIP_VERIFY, VAULT_URL as an
 * older name of VAULT_ADDR, VAULT_CAPATH, VAULT_CACERT_BYTES, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY, VAULT_TLS_SERVER_NAME,
 * VAULT_MAX_RETRIES, VAULT_PROXY_ADDR, and BAO_* twins, which win over VAULT_*
 * and VAULT_*_FILE.
 * @throws VaultConfigurationError that names the variable
 */
export function vaultOptionsFromEnvironment(environment: Environment = process.env): VaultOptions {
  return completedFromEnvironment({}, environment);
}

/**
 * The given options, and what is left out of them from the environment: nothing is read there that is given.
 * @throws VaultConfigurationError that names the variable
 */
export function completedFromEnvironment(given: Partial<VaultOptions>, environment: Environment = process.env): VaultOptions {
  const address = given.address ?? addressOf(environment);
  return {
    ...given,
    address,
    auth: given.auth ?? authOf(environment),
    namespace: given.namespace ?? read(environment, 'NAMESPACE'),
    tls: given.tls ?? tlsOf(environment),
    http: given.http ?? { timeoutMs: timeoutOf(environment), proxy: proxyOf(environment, address) },
    retry: given.retry ?? retryOf(environment),
  };
}

function addressOf(environment: Environment): string {
  const address = own(environment, 'BAO', 'ADDR', 'URL') ?? own(environment, 'VAULT', 'ADDR', 'URL');
  if (address !== undefined) return textOf(address);
  throw new VaultConfigurationError('VAULT_ADDR is not set.', {
    setting: 'VAULT_ADDR',
    remedy: 'Set it to the address of Vault or OpenBao, such as https://127.0.0.1:8200.',
  });
}

function tlsOf(environment: Environment): VaultTlsOptions {
  return {
    caFile: read(environment, 'CACERT'),
    caFolder: read(environment, 'CAPATH'),
    ca: read(environment, 'CACERT_BYTES'),
    certFile: read(environment, 'CLIENT_CERT'),
    keyFile: read(environment, 'CLIENT_KEY'),
    serverName: read(environment, 'TLS_SERVER_NAME'),
    skipVerify: skipVerifyOf(environment),
  };
}

function authOf(environment: Environment): AuthMethod {
  const method = read(environment, 'AUTH_METHOD') ?? (credential(environment, 'ROLE_ID') === undefined ? 'token' : 'approle');
  if (method === 'approle') {
    const roleId = credential(environment, 'ROLE_ID');
    if (roleId === undefined) throw missing('VAULT_ROLE_ID', 'the role id of an AppRole');
    return appRole({ roleId, secretId: credential(environment, 'SECRET_ID') });
  }
  if (method !== 'token') {
    throw new VaultConfigurationError(`VAULT_AUTH_METHOD names an unknown auth method ${JSON.stringify(method.slice(0, 40))}.`, {
      setting: 'VAULT_AUTH_METHOD',
      remedy: 'Expected: token or approle.',
    });
  }
  const value = credential(environment, 'TOKEN');
  if (value === undefined) throw missing('VAULT_TOKEN', 'a token (or VAULT_ROLE_ID and VAULT_SECRET_ID for AppRole)');
  return token(value);
}

/** What BAO_* says comes before all that VAULT_* says: a token of one server must not go to the other. */
function credential(environment: Environment, name: string): EnvironmentInput | undefined {
  return own(environment, 'BAO', name) ?? own(environment, 'VAULT', name);
}

/** Within a family `NAME_FILE` wins, as in container images: the file can be replaced while the process runs. */
function own(environment: Environment, family: 'BAO' | 'VAULT', ...names: readonly string[]): EnvironmentInput | undefined {
  for (const name of names) {
    const variable = `${family}_${name}_FILE`;
    const file = set(environment, variable);
    if (file !== undefined) return { file, variable };
    const value = set(environment, `${family}_${name}`);
    if (value !== undefined) return value;
  }
  return undefined;
}

function read(environment: Environment, name: string): string | undefined {
  const input = credential(environment, name);
  return input === undefined ? undefined : textOf(input);
}

/** A plain setting, or the trimmed content of its `*_FILE`. */
function textOf(input: EnvironmentInput): string {
  if (typeof input === 'string') return input;
  try {
    return readFileSync(input.file, 'utf8').trim();
  } catch (error) {
    throw new VaultConfigurationError(`The file ${input.file} of ${input.variable} cannot be read (${errorCodeOf(error)}).`, {
      setting: input.variable,
      remedy: 'Check the path and its permissions.',
    });
  }
}

/** An empty variable counts as one that is not set, except for credentials of a named method: those are checked there. */
function set(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

function timeoutOf(environment: Environment): number | undefined {
  const value = read(environment, 'CLIENT_TIMEOUT');
  if (value === undefined) return undefined;
  const timeoutMs = parseDurationMs(value);
  if (timeoutMs === undefined || timeoutMs === 0) {
    throw new VaultConfigurationError('VAULT_CLIENT_TIMEOUT is not a duration.', {
      setting: 'VAULT_CLIENT_TIMEOUT',
      remedy: 'Expected seconds or a duration, such as 15 or 500ms.',
    });
  }
  return timeoutMs;
}

/** The command line of Vault counts the repetitions of a failed call. */
function retryOf(environment: Environment): VaultRetryOptions | undefined {
  const value = read(environment, 'MAX_RETRIES');
  if (value === undefined) return undefined;
  if (/^\d{1,2}$/.test(value) && Number(value) < 20) return { attempts: Number(value) + 1 };
  throw new VaultConfigurationError('VAULT_MAX_RETRIES is not a number of repetitions.', {
    setting: 'VAULT_MAX_RETRIES',
    remedy: 'Expected: 0 to 19.',
  });
}

/** `false` must not switch verification off: only the words for true do, and anything else is refused. */
function skipVerifyOf(environment: Environment): boolean | undefined {
  const value = read(environment, 'SKIP_VERIFY')?.toLowerCase();
  if (value === undefined || ['false', '0', 'f', 'no'].includes(value)) return undefined;
  if (['true', '1', 't', 'yes'].includes(value)) return true;
  throw new VaultConfigurationError('VAULT_SKIP_VERIFY is neither true nor false.', {
    setting: 'VAULT_SKIP_VERIFY',
    remedy: 'Expected: true or false.',
  });
}

function missing(variable: string, expected: string): VaultConfigurationError {
  return new VaultConfigurationError(`${variable} is not set.`, {
    setting: variable,
    remedy: `Set it (or ${variable}_FILE) to ${expected}.`,
  });
}
