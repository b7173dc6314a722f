import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.js';
import { SettingInvalidError } from './setting-invalid.error.js';

const read = (environment: Readonly<Record<string, string>>) => readSettings((name) => environment[name]);

describe('readSettings', () => {
  it('fills in the defaults', () => {
    expect(read({ DB_HOST: 'localhost' })).toEqual({
      port: 3_000,
      host: '0.0.0.0',
      database: {
        host: 'localhost',
        port: 5_432,
        database: 'grimoire',
        caFile: undefined,
        credentials: { kind: 'dynamic', role: 'grimoire-reader' },
        migrationCredentials: { kind: 'dynamic', role: 'grimoire-owner' },
        poolSize: 10,
        drainMs: 30_000,
        connectTimeoutMs: 5_000,
        rotateAtFraction: 0.8,
      },
    });
  });

  it('takes a static role', () => {
    const { database } = read({ DB_HOST: 'localhost', DB_CREDENTIALS: 'static:grimoire-app' });
    expect(database.credentials).toEqual({ kind: 'static', role: 'grimoire-app' });
  });

  it.each([
    ['DB_HOST', ''],
    ['DB_HOST', 'postgres://user:hunter22@db/grimoire'],
    ['DB_PORT', '0'],
    ['DB_PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', 'http'],
    ['PORT', '3000.5'],
    ['DB_POOL_SIZE', '0'],
    ['DB_ROTATE_AT_FRACTION', '1'],
    ['DB_ROTATE_AT_FRACTION', '80%'],
    ['DB_CACERT', '/does/not/exist.pem'],
    ['DB_CREDENTIALS', 'grimoire-reader'],
    ['DB_CREDENTIALS', 'dynamic:'],
    ['DB_CREDENTIALS', 'dynamic:../sys/health'],
    ['DB_MIGRATION_CREDENTIALS', 'root:owner'],
  ])('refuses %s=%j, names it and keeps its value to itself', (name, value) => {
    let thrown: unknown;
    try {
      read({ DB_HOST: 'localhost', [name]: value });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SettingInvalidError);
    const { setting, remedy, message, code } = thrown as SettingInvalidError;
    expect({ setting, code }).toEqual({ setting: name, code: 'GRIMOIRE_SETTING_INVALID' });
    expect(message).toContain(name);
    expect(message).toContain(remedy);
    expect(message).not.toContain('hunter22');
  });
});
