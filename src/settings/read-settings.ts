import { readFileSync } from 'node:fs';
import { credentialsSetting } from './credentials-setting.js';
import type { GrimoireSettings } from './grimoire-settings.js';
import { SettingInvalidError } from './setting-invalid.error.js';

/** Answers a variable of the environment, or undefined. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * Checks the application's variables and fills in their defaults. VaultModule reads VAULT_* itself: these variables are not checked here.
 * @throws SettingInvalidError for the first one that is missing or malformed
 */
export function readSettings(variable: ReadVariable): GrimoireSettings {
  const text = (name: string, fallback: string): string => variable(name)?.trim() || fallback;
  const required = (name: string, expected: string): string => {
    const value = text(name, '');
    if (value === '') throw new SettingInvalidError(name, 'is not set', `Set it to ${expected}.`);
    return value;
  };
  const whole = (name: string, fallback: number, { min, max }: { min: number; max: number }): number => {
    const value = text(name, String(fallback));
    if (/^\d{1,10}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
    throw new SettingInvalidError(name, 'is not a number in its range', `Expected a whole number from ${min} to ${max}.`);
  };
  return {
    port: whole('PORT', 3_000, { min: 0, max: 65_535 }),
    host: text('HOST', '0.0.0.0'),
    database: {
      host: hostName(required('DB_HOST', "the database server's host name")),
      port: whole('DB_PORT', 5_432, { min: 1, max: 65_535 }),
      database: text('DB_NAME', 'grimoire'),
      caFile: readableFile('DB_CACERT', text('DB_CACERT', '')),
      credentials: credentialsSetting('DB_CREDENTIALS', text('DB_CREDENTIALS', 'dynamic:grimoire-reader')),
      migrationCredentials: credentialsSetting('DB_MIGRATION_CREDENTIALS', text('DB_MIGRATION_CREDENTIALS', 'dynamic:grimoire-owner')),
      poolSize: whole('DB_POOL_SIZE', 10, { min: 1, max: 1_000 }),
      drainMs: whole('DB_DRAIN_MS', 30_000, { min: 1, max: 600_000 }),
      connectTimeoutMs: whole('DB_CONNECT_TIMEOUT_MS', 5_000, { min: 100, max: 60_000 }),
      rotateAtFraction: fraction('DB_ROTATE_AT_FRACTION', text('DB_ROTATE_AT_FRACTION', '0.8')),
    },
  };
}

function fraction(setting: string, value: string): number {
  const number = Number(value);
  if (/^0?\.\d{1,6}$/.test(value) && number >= 0.1 && number <= 0.95) return number;
  throw new SettingInvalidError(setting, 'is not a share of a life', 'Expected a number from 0.1 to 0.95.');
}

/** Refuses what cannot be a host, such as a whole URL with a password in it. */
function hostName(value: string): string {
  if (/^[\w.:-]+$/.test(value)) return value;
  throw new SettingInvalidError('DB_HOST', 'is not a host name or an IP address', 'Give the host alone; the port goes to DB_PORT.');
}

function readableFile(setting: string, file: string): string | undefined {
  if (file === '') return undefined;
  try {
    readFileSync(file);
    return file;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new SettingInvalidError(setting, `names a file that cannot be read (${code})`, 'Check the path and its permissions.');
  }
}
