import type { ConnectionOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import { RequiredAuthentication } from '../authentication/required-authentication.js';
import { ScramKeys } from '../authentication/scram-keys.js';
import type { DatabaseCredential } from '../../credentials/database-credential.js';
import type { ClientClass } from './postgres-client.js';
import type { TimedPoolConfig } from './timed-clients.js';
import { concealTls, tlsWithCertificate } from '../options/tls-options.js';
import { timedOnConnect } from './timed-on-connect.js';

/** Opening one connection may take this long, unless `connectTimeoutMS` says otherwise. pg itself would wait for ever. */
export const defaultConnectTimeoutMs = 10_000;

/** What a pool is made with: pg's options, and libpq's `require_auth`, which pg does not know. */
export interface PostgresPoolOptions extends PoolConfig {
  readonly require_auth?: string;
}

/**
 * The options of one generation's pool: the user's, with the generation's login put in and `client` to open its connections.
 * The TLS object is made anew each time, with a secure context of its own and without a private key.
 */
export function postgresPoolOptions(options: PostgresPoolOptions, credential: DatabaseCredential, client: ClientClass): TimedPoolConfig {
  const password = credential.revealPassword();
  const ssl = tlsOptions(options.ssl, credential);
  const connectTimeoutMs = options.connectionTimeoutMillis || defaultConnectTimeoutMs;
  return {
    ...options,
    connectionTimeoutMillis: 0,
    connectTimeoutMs,
    requiredAuthentication: requiredAuthentication(options),
    scramKeys: new ScramKeys(),
    Client: client as NonNullable<PoolConfig['Client']>,
    user: credential.username,
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(options.onConnect === undefined ? {} : { onConnect: timedOnConnect(options.onConnect, connectTimeoutMs) }),
  };
}

function requiredAuthentication({ require_auth: list }: PostgresPoolOptions): RequiredAuthentication {
  return (list === undefined ? undefined : RequiredAuthentication.read(list)) ?? RequiredAuthentication.byDefault();
}

/** On, whatever the environment says about verification; with the certificate of the credential where it has one. */
function tlsOptions(ssl: PoolConfig['ssl'], credential: DatabaseCredential): PoolConfig['ssl'] {
  const certificate = credential.revealClientCertificate();
  if (certificate !== undefined) return tlsWithCertificate('typeorm.ssl', isObject(ssl) ? ssl : {}, certificate);
  return ssl === true || isObject(ssl) ? { ...concealTls('typeorm.ssl', isObject(ssl) ? ssl : {}) } : ssl;
}

function isObject(ssl: PoolConfig['ssl']): ssl is ConnectionOptions {
  return typeof ssl === 'object' && ssl !== null;
}
