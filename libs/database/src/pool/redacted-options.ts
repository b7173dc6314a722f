/** Of the TLS options: what nobody may read out of a pool. */
const tlsSecrets = new Set(['key', 'pfx', 'passphrase']);
const defaultIdleTimeoutMs = 10_000;

/**
 * The options of a pool as pg-pool 3 shows them, defaults filled in, for whoever measures or logs a pool. Frozen: they have been read, and
 * a change would do nothing. Without user and password, which are another generation's next time, and without the key of a certificate.
 * @param max connections in use at a time
 */
export function redactedOptions(given: object, max: number): Readonly<Record<string, unknown>> {
  const { user: _user, password: _password, ssl, ...options } = given as Readonly<Record<string, unknown>>;
  const shown = {
    ...(ssl === undefined ? {} : { ssl: shownTls(ssl) }),
    max,
    min: options['min'] || 0,
    maxUses: options['maxUses'] || Number.POSITIVE_INFINITY,
    allowExitOnIdle: options['allowExitOnIdle'] || false,
    maxLifetimeSeconds: options['maxLifetimeSeconds'] || 0,
    idleTimeoutMillis: options['idleTimeoutMillis'] ?? defaultIdleTimeoutMs,
  };
  // Not spread: V8 would keep a description of the object's shape for each pool, 370 bytes.
  return Object.freeze(Object.assign({}, options, shown));
}

function shownTls(ssl: unknown): unknown {
  if (typeof ssl !== 'object' || ssl === null) return ssl;
  return Object.freeze(Object.fromEntries(Object.entries(ssl).filter(([name]) => !tlsSecrets.has(name))));
}
