import { appRole } from '../../auth/approle/approle.auth-method.js';
import type { AuthMethod } from '../../auth/auth-method.js';
import type { CredentialInput } from '../../auth/credential-input.js';
import { token } from '../../auth/token/token.auth-method.js';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { parseDurationMs } from '../../support/time/duration.js';
import { isJsonObject } from '../../support/json/json-fields.js';
import { EnvironmentReader, type EnvironmentInput } from './environment-reader.js';
import type { Environment } from './environment-variables.js';
import { proxyOf } from './proxy-environment.js';
import type { VaultHttpOptions, VaultOptions, VaultRetryOptions, VaultTlsOptions } from '../vault-options.js';

/** Options, and which of them came from which variable. */
export interface CompletedOptions {
  readonly options: VaultOptions;
  /** Variables by the path of their option, such as `BAO_CACERT` by `tls.caFile`. */
  readonly variables: ReadonlyMap<string, string>;
}

/**
 * The options that the environment describes: VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT, VAULT_NAMESPACE, VAULT_ROLE_ID,
 * VAULT_SECRET_ID (each also as `*_FILE`), VAULT_AUTH_METHOD, VAULT_CLIENT_TIMEOUT, VAULT_SKIP_VERIFY, VAULT_URL as an
 * older name of VAULT_ADDR, VAULT_CAPATH, VAULT_CACERT_BYTES, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY, VAULT_TLS_SERVER_NAME,
 * VAULT_MAX_RETRIES, VAULT_PROXY_ADDR, and BAO_* twins, which win over VAULT_*
 * and VAULT_*_FILE.
 * @throws VaultConfigurationError that names the variable
 */
export function vaultOptionsFromEnvironment(environment: Environment = process.env): VaultOptions {
  return completedFromEnvironment({}, environment).options;
}

/**
 * The given options, and each one that is left out of them (or undefined) from its variable. The variable of an option that is given is
 * not read, so that a wrong one does no harm.
 * @throws VaultConfigurationError that names the variable
 */
export function completedFromEnvironment(given: Partial<VaultOptions>, environment: Environment = process.env): CompletedOptions {
  const reader = new EnvironmentReader(environment);
  const address = reader.option('address', given.address, () => addressOf(reader)) ?? '';
  const options: VaultOptions = {
    ...given,
    address,
    auth: given.auth ?? authOf(reader),
    namespace: reader.option('namespace', given.namespace, () => plain(reader, 'NAMESPACE')),
    tls: completedPart(given.tls, (tls) => tlsOf(reader, tls)),
    http: completedPart(given.http, (http) => httpOf(reader, http, address)),
    retry: completedPart(given.retry, (retry) => retryOf(reader, retry)),
  };
  return { options, variables: reader.variables };
}

/** A part that is switched off stays so; one that is no object at all is left to the check of the options. */
function completedPart<Part extends object, Off>(given: Part | Off | undefined, complete: (part: Partial<Part>) => Part): Part | Off {
  if (given === undefined) return complete({});
  return isJsonObject(given) ? complete(given as Part) : given;
}

type Found<Value> = { readonly value: Value; readonly variable: string } | undefined;

function plain(reader: EnvironmentReader, name: string): Found<string> {
  const found = reader.text(name);
  return found === undefined ? undefined : { value: found.text, variable: found.variable };
}

function addressOf(reader: EnvironmentReader): Found<string> {
  const found = reader.text('ADDR', 'URL');
  if (found !== undefined) return { value: found.text, variable: found.variable };
  throw new VaultConfigurationError('VAULT_ADDR is not set, and the option `address` is not given.', {
    setting: 'VAULT_ADDR',
    remedy: 'Set it to the address of Vault or OpenBao, such as https://127.0.0.1:8200.',
  });
}

function tlsOf(reader: EnvironmentReader, given: VaultTlsOptions): VaultTlsOptions {
  const text = (option: Exclude<keyof VaultTlsOptions, 'skipVerify'>, name: string): string | undefined =>
    reader.option(`tls.${option}`, given[option], () => plain(reader, name));
  // Three ways to say whom to trust: who says it in one of them wants no other.
  const saysWhomToTrust = [given.caFile, given.caFolder, given.ca].some((ca) => ca !== undefined);
  return {
    ...given,
    ...(saysWhomToTrust ? {} : { caFile: text('caFile', 'CACERT'), caFolder: text('caFolder', 'CAPATH'), ca: text('ca', 'CACERT_BYTES') }),
    certFile: text('certFile', 'CLIENT_CERT'),
    keyFile: text('keyFile', 'CLIENT_KEY'),
    serverName: text('serverName', 'TLS_SERVER_NAME'),
    skipVerify: reader.option('tls.skipVerify', given.skipVerify, () => skipVerifyOf(reader)),
  };
}

function httpOf(reader: EnvironmentReader, given: VaultHttpOptions, address: string): VaultHttpOptions {
  return {
    ...given,
    timeoutMs: reader.option('http.timeoutMs', given.timeoutMs, () => timeoutOf(reader)),
    proxy: reader.option('http.proxy', given.proxy, () => proxyOf(reader, address)),
  };
}

function retryOf(reader: EnvironmentReader, given: VaultRetryOptions): VaultRetryOptions {
  return { ...given, attempts: reader.option('retry.attempts', given.attempts, () => attemptsOf(reader)) };
}

function authOf(reader: EnvironmentReader): AuthMethod {
  const roleId = reader.find('ROLE_ID');
  const named = reader.text('AUTH_METHOD');
  const method = named?.text ?? (roleId === undefined ? 'token' : 'approle');
  if (method === 'approle') {
    if (roleId === undefined) throw missing('VAULT_ROLE_ID', 'the role id of an AppRole');
    const secretId = reader.find('SECRET_ID');
    return appRole({ roleId: credentialOf(roleId), secretId: secretId === undefined ? undefined : credentialOf(secretId) });
  }
  if (method !== 'token') {
    const variable = named?.variable ?? 'VAULT_AUTH_METHOD';
    throw new VaultConfigurationError(`${variable} names an unknown auth method ${JSON.stringify(method.slice(0, 40))}.`, {
      setting: variable,
      remedy: 'Expected: token or approle.',
    });
  }
  const value = reader.find('TOKEN');
  if (value === undefined) throw missing('VAULT_TOKEN', 'a token (or VAULT_ROLE_ID and VAULT_SECRET_ID for AppRole)');
  return token(credentialOf(value));
}

function credentialOf(input: EnvironmentInput): CredentialInput {
  return 'value' in input ? input.value : input;
}

function timeoutOf(reader: EnvironmentReader): Found<number> {
  const found = reader.text('CLIENT_TIMEOUT');
  if (found === undefined) return undefined;
  const timeoutMs = parseDurationMs(found.text);
  if (timeoutMs !== undefined && timeoutMs > 0) return { value: timeoutMs, variable: found.variable };
  throw wrong(found.variable, 'is not a duration', 'Expected seconds or a duration, such as 15 or 500ms.');
}

/** The command line of Vault counts the repetitions of a failed call. */
function attemptsOf(reader: EnvironmentReader): Found<number> {
  const found = reader.text('MAX_RETRIES');
  if (found === undefined) return undefined;
  if (/^\d{1,2}$/.test(found.text) && Number(found.text) < 20) return { value: Number(found.text) + 1, variable: found.variable };
  throw wrong(found.variable, 'is not a number of repetitions', 'Expected: 0 to 19.');
}

/** `false` must not switch verification off: only the words for true do, and anything else is refused. */
function skipVerifyOf(reader: EnvironmentReader): Found<boolean> {
  const found = reader.text('SKIP_VERIFY');
  const value = found?.text.toLowerCase();
  if (found === undefined || value === undefined || ['false', '0', 'f', 'no'].includes(value)) return undefined;
  if (['true', '1', 't', 'yes'].includes(value)) return { value: true, variable: found.variable };
  throw wrong(found.variable, 'is neither true nor false', 'Expected: true or false.');
}

function wrong(variable: string, what: string, remedy: string): VaultConfigurationError {
  return new VaultConfigurationError(`${variable} ${what}.`, { setting: variable, remedy });
}

function missing(variable: string, expected: string): VaultConfigurationError {
  return new VaultConfigurationError(`${variable} is not set, and the option \`auth\` is not given.`, {
    setting: variable,
    remedy: `Set it (or ${variable}_FILE) to ${expected}.`,
  });
}
