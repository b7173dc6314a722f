import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '@keyturn/vault';
import { inTime } from '../support/in-time.js';
import { sleep } from '../support/sleep.js';
import type { Checkout, Generation } from './generation.js';
import { prove } from './warm-up.js';

export interface PreparationContext {
  readonly settings: PoolSettings;
  readonly adapter: DriverAdapter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly validationQuery: string;
  /** Whether the pool has had an active generation: its host, database and certificate did work. */
  readonly hasServed: boolean;
  /** Whether one more socket may be opened. */
  readonly hasRoom: () => boolean;
  /** Makes the active generation close a connection and open none, until the returned function is called. */
  readonly giveWay: () => () => void;
  readonly signal: AbortSignal;
  readonly loginRetryMs: number;
  readonly onFailedTry?: (kind: FailureKind) => void;
}

/** A log-in that is refused for another reason than an unknown role or password: an operator may be about to mend it. */
const shortLoginRetryMs = 2_000;
/** To log in, and to run the validation query. */
const stepsOfProof = 2;
const adapterGraceMs = 1_000;
/** In the words of pg's connect time-out, as it is one. */
const timedOut = 'timeout expired';
interface FailedTry {
  readonly error: unknown;
  /** Whether the log-in had succeeded. */
  readonly isOpen: boolean;
}

const pacing = { initialMs: 50, maxMs: 1_000, jitter: 0.25 } as const;

/**
 * Proves a new generation, trying again while that can help: a server that starts or has no connection to spare until the connect
 * time-out, a refused log-in as long as the server may not have heard of the role. Where there is no room, the active generation gives a connection up.
 * @returns the connection that passed the validation query
 * @throws DatabaseError that names the setting at fault
 */
export async function proveWithRetries(generation: Generation, context: PreparationContext): Promise<Checkout> {
  const { clock, settings, signal } = context;
  const startedAtMs = clock.nowMs();
  let takeBackRoom: (() => void) | undefined;
  try {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const failure = await tryOnce(generation, context);
      if ('checkout' in failure) return failure.checkout;
      const kind = kindOf(failure.error, context);
      context.onFailedTry?.(kind);
      const budgetMs = kind === 'login' ? loginBudgetMs(failure.error, context) : settings.connectTimeoutMs;
      const pauseMs = backoffMs(attempt, pacing, context.random());
      const mayRetry = kind === 'login' || kind === 'network' || kind === 'overload';
      if (!mayRetry || clock.nowMs() + pauseMs - startedAtMs > budgetMs) throw explain(failure, context);
      if (kind === 'overload') takeBackRoom ??= context.giveWay();
      await sleep(clock, pauseMs, signal);
    }
  } finally {
    takeBackRoom?.();
  }
}

function loginBudgetMs(error: unknown, { adapter, loginRetryMs }: PreparationContext): number {
  return adapter.mayAcceptLater?.(error) === false ? Math.min(shortLoginRetryMs, loginRetryMs) : loginRetryMs;
}

async function tryOnce(generation: Generation, context: PreparationContext): Promise<{ checkout: Checkout } | FailedTry> {
  if (!context.hasRoom()) return { error: undefined, isOpen: false };
  let isOpen = false;
  try {
    return { checkout: await proveInTime(generation, context) };
  } catch (error) {
    return { error, isOpen };
  }
}

/** The adapter ends a log-in and a statement that take longer than the connect time-out; one that does not must not end all rotation. */
async function proveInTime(generation: Generation, { clock, settings, validationQuery }: PreparationContext): Promise<Checkout> {
  let isLate = false;
  const proof = prove(generation, validationQuery);
  void proof.then(
    (late) => isLate && generation.giveBack(late, true),
    () => undefined,
  );
  const expired = (): Error => {
    isLate = true;
    return new Error(timedOut);
  };
  return inTime(proof, { clock, timeoutMs: settings.connectTimeoutMs * stepsOfProof + adapterGraceMs, expired });
}

/** No error: no room for another socket. A name that did resolve is one that cannot be reached now. */
function kindOf(error: unknown, { adapter, hasServed }: PreparationContext): FailureKind {
  const kind = error === undefined ? 'overload' : adapter.classify(error);
  if (kind !== 'name') return kind;
  return hasServed ? 'network' : 'configuration';
}

/** The error for the user: what was tried, what came back, and which setting to look at. */
function explain({ error, isOpen }: FailedTry, context: PreparationContext): Error {
  if (error instanceof DatabaseConfigurationError) return error;
  const { adapter, settings } = context;
  const reason = error === undefined ? 'no room under rotation.maxConnections' : adapter.reasonOf(error);
  const kind = kindOf(error, context);
  const { target, connectTimeoutMs } = settings;
  if (kind === 'login') {
    return new LoginRejectedError(`PostgreSQL at ${target} refuses the log-in with the credentials that were issued (${reason}).`, {
      reason,
      remedy: `Check the role's creation statements in Vault, and that Vault's database connection points to this server.${forRule(reason)}`,
      setting: 'credentials',
    });
  }
  if (kind === 'network' || kind === 'overload') {
    return new ServerUnreachableError(`PostgreSQL at ${target} could not be reached within ${connectTimeoutMs} ms (${reason}).`, {
      reason,
      remedy:
        kind === 'network'
          ? 'Check typeorm.host and typeorm.port, and that the server runs.'
          : 'Raise max_connections or the CONNECTION LIMIT of the role, or lower typeorm.poolSize: a rotation needs room for old and new connections.',
      setting: kind === 'network' ? 'typeorm.host' : 'typeorm.poolSize',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  const setting = adapter.settingOf?.(error);
  if (setting !== undefined) return optionFailed(setting, `${reason}: ${message}`, reason);
  if (kind === 'configuration') return misconfigured(reason, target, isOpen);
  if (!isOpen) return notOpened(target, `${reason}: ${message}`, reason);
  return new DatabaseConfigurationError(`The new connection to ${target} did not pass the validation query (${reason}: ${message}).`, {
    reason,
    remedy: 'Check rotation.validationQuery and the grants of the role.',
    setting: 'rotation.validationQuery',
  });
}

function optionFailed(setting: string, found: string, reason: string): DatabaseConfigurationError {
  return new DatabaseConfigurationError(`${setting} failed for a new connection (${found}).`, {
    reason,
    remedy: 'Correct what it does, or the grants of the role where a statement of it is denied.',
    setting,
  });
}

/** For what no other rule knows: a startup parameter that the server refuses, a pooler, something that is no PostgreSQL. */
function notOpened(target: string, found: string, reason: string): DatabaseConfigurationError {
  return new DatabaseConfigurationError(`The connection to PostgreSQL at ${target} could not be opened (${found}).`, {
    reason,
    remedy: 'Check typeorm.host and typeorm.port, and what typeorm.extra sends at the log-in (options, application_name, time-outs).',
    setting: 'typeorm.extra',
  });
}

/** pg_hba.conf has no rule for the connection, or the role may not log in: PostgreSQL says both with one SQLSTATE. */
function forRule(sqlState: string): string {
  return sqlState === '28000' ? ' Where its pg_hba.conf asks for TLS, set typeorm.ssl.' : '';
}

function misconfigured(reason: string, target: string, isOpen: boolean): DatabaseConfigurationError {
  const [setting, remedy] = placeToLook(reason, isOpen);
  return new DatabaseConfigurationError(`The connection to PostgreSQL at ${target} failed (${reason}).`, { reason, setting, remedy });
}

function placeToLook(reason: string, isOpen: boolean): readonly [setting: string, remedy: string] {
  if (reason === 'ENOTFOUND') return ['typeorm.host', 'The host name does not resolve: check typeorm.host.'];
  if (reason === '3D000') return ['typeorm.database', 'The database does not exist: check typeorm.database.'];
  if (isOpen) {
    return ['rotation.validationQuery', 'Check rotation.validationQuery, and the GRANTs of the role in its creation statements.'];
  }
  if (reason === '42501') return ['credentials', 'The role lacks a privilege to connect: check GRANT CONNECT in its creation statements.'];
  if (reason === '0A000' || reason === '22023') {
    return [
      'typeorm.extra',
      'The server refuses what is sent at the log-in: check options and time-outs in typeorm.extra, and a pooler before it.',
    ];
  }
  return ['typeorm.ssl', 'Check typeorm.ssl: certificate authority, host name and whether the server speaks TLS.'];
}
