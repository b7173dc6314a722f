import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type ConnectionOptions, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { ClientCertificate } from '../../credentials/database-credential.js';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import { describeValue } from '../../support/describe-value.js';
import { booleanRule, functionRule, numberRule, textRule, type OptionRule } from './option-rule.js';
import { resolveOptions } from './resolve-options.js';

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

/** What a secure context holds. None of it stays beside one: a PEM file may hold the private key next to each of them. */
const held: ReadonlySet<string> = new Set(['key', 'pfx', 'passphrase', 'cert', 'ca', 'crl', 'secureContext']);

/** What a concealed object was made from. */
const originals = new WeakMap<ConnectionOptions, ConnectionOptions>();

/**
 * TLS options with a secure context in the place of private key, PKCS #12 bundle and certificates: what is handed to the driver ends up on
 * sockets and clients, for everybody to look at, and a context does not show its key. It is made anew each time it is asked for, so that
 * getters of the given object (a certificate that is renewed) are read again by the next generation. Whether the certificate of the server
 * is verified is said each time: the default could be changed by NODE_TLS_REJECT_UNAUTHORIZED.
 */
export function concealTls(path: string, given: ConnectionOptions): ConnectionOptions {
  if (originals.has(given)) return given;
  const context = (): SecureContext => secureContext(path, given);
  const open = openOptions(path, given);
  context();
  const concealed = Object.defineProperty(open, 'secureContext', { enumerable: true, configurable: true, get: context });
  originals.set(concealed, given);
  return concealed;
}

/**
 * TLS options that show the certificate of a credential to the server, in place of one of their own.
 * @throws DatabaseConfigurationError where that certificate cannot be used, or the options bring a secure context of their own
 */
export function tlsWithCertificate(path: string, ssl: ConnectionOptions, certificate: ClientCertificate): ConnectionOptions {
  const given = originals.get(ssl) ?? ssl;
  if (given.secureContext !== undefined) {
    throw new DatabaseConfigurationError(`${path}.secureContext has no place for the client certificate that the credentials bring.`, {
      setting: `${path}.secureContext`,
      remedy: 'Give its ca and other options themselves.',
    });
  }
  const { certificate: cert, privateKey: key, certificateAuthority } = certificate;
  const authority = certificateAuthority === undefined ? {} : { ca: certificateAuthority };
  const identity = { ...authority, cert, key, pfx: undefined, passphrase: undefined };
  return { ...openOptions(path, given), secureContext: secureContext('credentials', given, identity) };
}

/** Options that Node looks at in an event of the handshake, where a wrong one is told as a fault of Node. */
const tlsRules: Readonly<Record<string, OptionRule>> = {
  rejectUnauthorized: { ...booleanRule, remedy: 'Leave it out: certificates are verified then.' },
  checkServerIdentity: functionRule,
  servername: textRule,
  minDHSize: numberRule({ least: 1, most: 65_536, whole: true }),
};

/** What stays beside a secure context. Left out is also what is undefined: Node would call it. */
function openOptions(path: string, given: ConnectionOptions): ConnectionOptions {
  // By name, so that no getter of what is held is asked.
  const names = Object.keys(given).filter((name) => !held.has(name)) as (keyof ConnectionOptions)[];
  const open = resolveOptions(path, Object.fromEntries(names.map((name) => [name, given[name]])), tlsRules);
  return { rejectUnauthorized: true, ...Object.fromEntries(Object.entries(open).filter(([, value]) => value !== undefined)) };
}

/** @throws DatabaseConfigurationError that names the setting, without the text of key or certificate */
function secureContext(setting: string, given: ConnectionOptions, identity?: SecureContextOptions): SecureContext {
  try {
    if (given.secureContext !== undefined) return given.secureContext;
    const options = identity === undefined ? given : { ...given, ...identity };
    checkPair(setting, options);
    return createSecureContext(options);
  } catch (error) {
    if (error instanceof DatabaseConfigurationError) throw error;
    const { code = 'unknown' } = error as { readonly code?: string };
    throw new DatabaseConfigurationError(
      `${setting} cannot be used: Node cannot read its certificate, key or another TLS option (${code}).`,
      {
        setting,
        reason: code,
        remedy:
          'Check that key and cert belong together and are PEM, that the passphrase fits, that ca holds certificates, and that minVersion, ' +
          'ciphers and the like are known to this Node.',
      },
    );
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
