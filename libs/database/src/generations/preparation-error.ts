import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { FailureKind } from '../driver/failure-kind.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';

/** A try to open and prove the first connection of a generation that was the last one. */
export interface FailedPreparation {
  /** Undefined: there was no room for another socket. */
  readonly error: unknown;
  readonly kind: FailureKind;
  /** Whether the log-in had succeeded. */
  readonly isOpen: boolean;
}

/** The error for the user: what was tried, what came back, and which setting to look at. */
export function preparationError({ error, kind, isOpen }: FailedPreparation, adapter: DriverAdapter, settings: PoolSettings): Error {
  if (error instanceof DatabaseConfigurationError) return error;
  const reason = error === undefined ? 'no room under rotation.maxConnections' : adapter.reasonOf(error);
  const { product, target, connectTimeoutMs } = settings;
  if (kind === 'login') {
    return new LoginRejectedError(`${product} at ${target} refuses the log-in with the credentials that were issued (${reason}).`, {
      reason,
      remedy: `Check the role's creation statements in Vault, and that Vault's database connection points to this server.${forRule(reason)}`,
      setting: 'credentials',
    });
  }
  if (kind === 'network' || kind === 'overload') {
    return new ServerUnreachableError(`${product} at ${target} could not be reached within ${connectTimeoutMs} ms (${reason}).`, {
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
  if (kind === 'configuration') return misconfigured(reason, settings, isOpen);
  if (!isOpen) return notOpened(settings, `${reason}: ${message}`, reason);
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

/** For what no other rule knows: a startup parameter that the server refuses, a pooler, something that is no database server. */
function notOpened({ product, target }: PoolSettings, found: string, reason: string): DatabaseConfigurationError {
  return new DatabaseConfigurationError(`The connection to ${product} at ${target} could not be opened (${found}).`, {
    reason,
    remedy: 'Check typeorm.host and typeorm.port, and what typeorm.extra sends at the log-in (options, application_name, time-outs).',
    setting: 'typeorm.extra',
  });
}

/** pg_hba.conf has no rule for the connection, or the role may not log in: PostgreSQL says both with one SQLSTATE. */
function forRule(sqlState: string): string {
  return sqlState === '28000' ? ' Where its pg_hba.conf asks for TLS, set typeorm.ssl.' : '';
}

function misconfigured(reason: string, { product, target }: PoolSettings, isOpen: boolean): DatabaseConfigurationError {
  const [setting, remedy] = placeToLook(reason, isOpen);
  return new DatabaseConfigurationError(`The connection to ${product} at ${target} failed (${reason}).`, { reason, setting, remedy });
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
