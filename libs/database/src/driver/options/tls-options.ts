import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { describeValue } from '../../support/describe-value.js';

/**
 * The TLS option as the driver is to get it: switches as pg reads them, and an object without its private key.
 * @param path where it stands, for messages: `typeorm.ssl`
 * @throws DatabaseConfigurationError for what pg would stumble over, and for a key or certificate that cannot be used
 */
export function resolveTls(path: string, ssl: unknown): boolean | ConnectionOptions | null | undefined {
  if (ssl === undefined || ssl === null || typeof ssl === 'boolean') return ssl;
  if (ssl === 'true') return true;
  if (ssl === 'no-verify') return { rejectUnauthorized: false };
  if (typeof ssl === 'object' && !Array.isArray(ssl)) return concealTls(path, ssl);
  throw new DatabaseConfigurationError(`${path} must be true, false or an object with TLS options, but is ${describeValue(ssl)}.`, {
    setting: path,
    remedy: "Where it comes from the environment, compare it: value === 'true'.",
  });
}

/**
 * TLS options with a secure context in the place of the private key, its passphrase and the PKCS #12 bundle: what is handed to the driver
 * ends up on sockets and clients, for everybody to look at, and a context does not show its key. It is made anew each time it is asked for,
 * so that getters of the given object (a certificate that is renewed) are read again by the next generation. Whether the certificate of the
 * server is verified is said each time: the default could be changed by NODE_TLS_REJECT_UNAUTHORIZED.
 */
export function concealTls(path: string, given: ConnectionOptions): ConnectionOptions {
  const { key: _key, pfx: _pfx, passphrase: _passphrase, secureContext: _context, ...open } = given;
  const { rejectUnauthorized = true } = given;
  if (typeof rejectUnauthorized !== 'boolean') refuseVerification(path, rejectUnauthorized);
  const context = (): SecureContext => given.secureContext ?? secureContext(path, given);
  context();
  return Object.defineProperty({ ...open, rejectUnauthorized }, 'secureContext', { enumerable: true, configurable: true, get: context });
}

/** @throws DatabaseConfigurationError that names the setting, without the text of key or certificate */
export function secureContext(setting: string, options: ConnectionOptions): SecureContext {
  try {
    checkPair(setting, options);
    return createSecureContext(options);
  } catch (error) {
    if (error instanceof DatabaseConfigurationError) throw error;
    const { code = 'unknown' } = error as { readonly code?: string };
    throw new DatabaseConfigurationError(`${setting} cannot be used: Node refuses its certificate, key or another TLS option (${code}).`, {
      setting,
      reason: code,
      remedy: 'Check that key and cert belong together and are PEM, that the passphrase fits, and that ca holds certificates.',
    });
  }
}

/** OpenSSL takes a key of another kind than the certificate's, such as RSA and EC, and then shows no certificate. */
function checkPair(setting: string, { cert, key, passphrase }: ConnectionOptions): void {
  if (!isPem(cert) || !isPem(key)) return;
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey({ key, passphrase }))) return;
  throw new DatabaseConfigurationError(`${setting} cannot be used: its key is not that of its certificate.`, {
    setting: `${setting}.key`,
    remedy: 'Give the key that the first certificate of cert was issued for.',
  });
}

/** Node takes lists and more, too, and passes over empty texts: those are left to it. */
function isPem(value: unknown): value is string | Buffer {
  return (typeof value === 'string' || Buffer.isBuffer(value)) && value.length > 0;
}

function refuseVerification(path: string, found: unknown): never {
  throw new DatabaseConfigurationError(`${path}.rejectUnauthorized must be true or false, but is ${describeValue(found)}.`, {
    setting: `${path}.rejectUnauthorized`,
    remedy: 'Leave it out: certificates are verified then.',
  });
}
