import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { textRule, type OptionRule } from '../driver/options/option-rule.js';
import {
  countRule,
  millisecondsRule,
  misplacedRequireAuthRule,
  poolSizeRule,
  postgresOptionRules,
  serverRules,
} from '../driver/options/postgres-option-rules.js';
import { resolveOptions } from '../driver/options/resolve-options.js';
import { resolveTls } from '../driver/options/tls-options.js';
import { describeValue } from '../support/describe-value.js';

type Options = Readonly<Record<string, unknown>>;

const nodeRules: Readonly<Record<string, OptionRule>> = {
  ...serverRules,
  applicationName: textRule,
  require_auth: misplacedRequireAuthRule,
};

const dataSourceRules: Readonly<Record<string, OptionRule>> = {
  ...nodeRules,
  connectTimeoutMS: millisecondsRule,
  poolSize: poolSizeRule,
  maxQueryExecutionTime: millisecondsRule,
  // Of @nestjs/typeorm.
  retryAttempts: countRule,
  retryDelay: millisecondsRule,
};

/**
 * The options with every number, text and switch that TypeORM, the pool and the driver reckon with read once, here: text of a number, as
 * an environment variable gives it, becomes the number.
 * @throws DatabaseConfigurationError that names the option that holds anything else
 */
export function resolveDataSourceOptions<Given extends object>(given: Given): Given {
  const options = resolveServer('typeorm', given, dataSourceRules) as Given & Options;
  return {
    ...options,
    ...group(options, 'extra', (extra) => resolveServer('typeorm.extra', extra, postgresOptionRules)),
    ...group(options, 'replication', resolveReplication),
    ...(isObject(options['cache']) ? { cache: resolveOptions('typeorm.cache', options['cache'], { duration: millisecondsRule }) } : {}),
  };
}

function resolveReplication(replication: Options): Options {
  const { master, slaves } = replication;
  if (!isObject(master)) refuse('typeorm.replication.master', 'an object with host, port and database', master);
  if (!Array.isArray(slaves)) refuse('typeorm.replication.slaves', 'a list', slaves);
  return {
    ...replication,
    master: resolveServer('typeorm.replication.master', master, nodeRules),
    slaves: slaves.map((slave: unknown, index) => {
      const path = `typeorm.replication.slaves[${index}]`;
      return isObject(slave) ? resolveServer(path, slave, nodeRules) : refuse(path, 'an object with host, port and database', slave);
    }),
  };
}

/** With its TLS option, whose private key the data source is not to show. */
function resolveServer(path: string, given: object, rules: Readonly<Record<string, OptionRule>>): Options {
  const options: Options = resolveOptions(path, { ...given }, rules);
  return options['ssl'] === undefined ? options : { ...options, ssl: resolveTls(`${path}.ssl`, options['ssl']) };
}

function group(options: Options, name: string, resolve: (value: Options) => Options): Options {
  const value = options[name];
  if (value === undefined || value === null) return {};
  return { [name]: isObject(value) ? resolve(value) : refuse(`typeorm.${name}`, 'an object', value) };
}

function refuse(setting: string, expected: string, found: unknown): never {
  throw new DatabaseConfigurationError(`${setting} must be ${expected}, but is ${describeValue(found)}.`, {
    setting,
    remedy: 'See the options of a PostgreSQL data source of TypeORM.',
  });
}

function isObject(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
