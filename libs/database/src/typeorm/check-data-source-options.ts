import { poolSizeOf } from '../driver/options/postgres-option-rules.js';
import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { describeValue } from '../support/describe-value.js';

type Options = Readonly<Record<string, unknown>>;

const loginOptions = ['url', 'username', 'password'] as const;
const extraLoginOptions = ['user', 'username', 'password', 'url', 'connectionString'] as const;

/**
 * Refuses options that would win over the credentials of a generation, or that the rotation cannot honour.
 * Not quoted: the values, as they may hold a password.
 * @throws DatabaseConfigurationError that names the option and what to write instead
 */
export function checkDataSourceOptions(options: Options): void {
  if (options['type'] !== 'postgres') {
    refuse('typeorm.type', `must be 'postgres', but is ${describeValue(options['type'])}.`, 'Other databases cannot rotate yet.');
  }
  refuseLogin('typeorm', options, loginOptions);
  if (isGiven(options['nativeDriver']) && options['nativeDriver'] !== false) {
    refuse('typeorm.nativeDriver', 'is not supported: pg-native cannot cancel or hand over connections.', 'Leave it out.');
  }
  if (isRecord(options['extra'])) checkExtra(options['extra']);
  if (isRecord(options['replication'])) checkReplication(options['replication']);
}

/** Refuses, for options that have been resolved, a bound on sockets that leaves a rotation no room. */
export function checkConnectionBound(options: Options, maxConnections: number | undefined): void {
  const extra = isRecord(options['extra']) ? options['extra'] : {};
  const size = poolSizeOf({ max: options['poolSize'], ...extra });
  if (maxConnections === undefined || maxConnections > size) return;
  const found = `must be greater than the pool size, but ${maxConnections} <= ${size}.`;
  refuse('rotation.maxConnections', found, 'A rotation opens at least one new connection before it closes the old ones.');
}

function checkExtra(extra: Options): void {
  refuseLogin('typeorm.extra', extra, extraLoginOptions);
  if (isGiven(extra['verify'])) {
    refuse('typeorm.extra.verify', 'is not supported: it delays a connection that is already counted.', 'Use rotation.validationQuery.');
  }
}

function checkReplication(replication: Options): void {
  const slaves: unknown = replication['slaves'];
  if (isRecord(replication['master'])) refuseLogin('typeorm.replication.master', replication['master'], loginOptions);
  if (!Array.isArray(slaves)) return;
  slaves.forEach((slave: unknown, index) => {
    if (isRecord(slave)) refuseLogin(`typeorm.replication.slaves[${index}]`, slave, loginOptions);
  });
}

function refuseLogin(prefix: string, options: Options, names: readonly string[]): void {
  const found = names.find((name) => isGiven(options[name]));
  if (found === undefined) return;
  refuse(
    `${prefix}.${found}`,
    'must not be given: it would win over the credentials that Vault issues.',
    found === 'url' || found === 'connectionString' ? 'Write host, port and database instead.' : 'Leave it out.',
  );
}

function refuse(setting: string, found: string, remedy: string): never {
  throw new DatabaseConfigurationError(`${setting} ${found}`, { setting, remedy });
}

/** `null` is left out, as TypeORM and pg read it. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isRecord(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
