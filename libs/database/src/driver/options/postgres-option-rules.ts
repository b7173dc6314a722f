import { RequiredAuthentication } from '../authentication/required-authentication.js';
import { booleanRule, functionRule, numberRule, textRule, type OptionRule } from './option-rule.js';

/** Timers of Node and time-outs of PostgreSQL hold no more; a longer timer would fire at once. */
const longestMs = 2_147_483_647;
const most = 2_147_483_647;

const milliseconds = numberRule({ least: 0, most: longestMs });
/** pg leaves the time-out out for `false`, and cuts fractions off where PostgreSQL takes whole ones. */
const millisecondsOrNone = numberRule({ least: 0, most: longestMs }, [false]);

/** Connections of a pool. */
export const poolSizeRule = numberRule({ least: 1, most: 100_000, whole: true });
/** A count that may be without an end. */
export const countRule = numberRule({ least: 0, most, whole: true }, [Number.POSITIVE_INFINITY]);
export const millisecondsRule = milliseconds;

const defaultPoolSize = 10;

/** Connections of a pool at a time, from options that have been resolved: in the order of pg-pool, which takes TypeORM's `poolSize` as `max`. */
export function poolSizeOf({ max, poolSize }: { readonly max?: unknown; readonly poolSize?: unknown }): number {
  return Number(max ?? poolSize ?? defaultPoolSize);
}

/** Where a server is, in the words of pg and TypeORM alike. */
export const serverRules: Readonly<Record<string, OptionRule>> = {
  host: textRule,
  port: numberRule({ least: 1, most: 65_535, whole: true }),
  database: textRule,
};

const requireAuthRule: OptionRule = {
  expected: 'a list of scram-sha-256, md5, password and none, or of those with a ! in front',
  remedy: "For example 'scram-sha-256', or '!none'; left out, md5 and password need verified TLS.",
  read: (value) => (typeof value === 'string' && RequiredAuthentication.read(value) !== undefined ? value : undefined),
};

/** For the places where nobody would read the option: what is to protect is not to be ignored in silence. */
export const misplacedRequireAuthRule: OptionRule = {
  expected: 'left out there',
  remedy: 'Give it as typeorm.extra.require_auth, which holds for every server.',
  read: () => undefined,
};

const negotiationRule: OptionRule = {
  expected: "'postgres' or 'direct'",
  remedy: "Leave it out, or give 'direct' where the server is PostgreSQL 17 or later.",
  read: (value) => (value === 'postgres' || value === 'direct' ? value : undefined),
};

/** Options of `pg.Pool` and `pg.Client` that are reckoned with, here, in pg-pool or in pg. */
export const postgresOptionRules: Readonly<Record<string, OptionRule>> = {
  ...serverRules,
  max: poolSizeRule,
  poolSize: poolSizeRule,
  min: numberRule({ least: 0, most: 100_000, whole: true }),
  maxUses: countRule,
  maxLifetimeSeconds: numberRule({ least: 0, most: Math.floor(longestMs / 1_000) }),
  idleTimeoutMillis: numberRule({ least: 0, most: longestMs }, [null]),
  connectionTimeoutMillis: milliseconds,
  keepAliveInitialDelayMillis: milliseconds,
  query_timeout: millisecondsOrNone,
  statement_timeout: millisecondsOrNone,
  lock_timeout: millisecondsOrNone,
  idle_in_transaction_session_timeout: millisecondsOrNone,
  scramMaxIterations: numberRule({ least: 0, most, whole: true }),
  keepAlive: booleanRule,
  allowExitOnIdle: booleanRule,
  enableChannelBinding: booleanRule,
  pipeline: booleanRule,
  application_name: textRule,
  fallback_application_name: textRule,
  client_encoding: textRule,
  options: textRule,
  onConnect: functionRule,
  require_auth: requireAuthRule,
  sslnegotiation: negotiationRule,
};
