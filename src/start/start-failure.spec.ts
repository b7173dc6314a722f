import { DatabaseConfigurationError } from '@keyturn/database';
import { VaultConfigurationError, VaultRequestError } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { SettingInvalidError } from '../settings/setting-invalid.error.js';
import { PortInUseError } from './port-in-use.error.js';
import { startFailureOf } from './start-failure.js';

describe('startFailureOf', () => {
  it.each([
    [new SettingInvalidError('DB_HOST', 'is not set', 'Set it.'), 'GRIMOIRE_SETTING_INVALID', 'DB_HOST'],
    [new PortInUseError(3_000), 'GRIMOIRE_PORT_IN_USE', 'PORT'],
    [
      new DatabaseConfigurationError('typeorm.host does not resolve. Set it.', { setting: 'typeorm.host', remedy: 'Set it.' }),
      'DATABASE_CONFIGURATION_INVALID',
      'DB_HOST, DB_PORT',
    ],
  ])('shows code, setting and remedy of %s', (error, code, setting) => {
    const failure = startFailureOf(error, 'DB_CREDENTIALS');
    expect(failure).toMatchObject({ code, setting });
    expect(failure.remedy).toBeTruthy();
    expect(failure).not.toHaveProperty('stack');
  });

  it('shows an error of Vault without a setting of its own', () => {
    const failure = startFailureOf(new VaultConfigurationError('VAULT_ADDR is not set.', { remedy: 'Set it.' }), 'DB_CREDENTIALS');
    expect(failure).toEqual({ code: 'VAULT_CONFIGURATION_INVALID', message: 'VAULT_ADDR is not set. Set it.', remedy: 'Set it.' });
  });

  it('knows which variable named a role that Vault does not have', () => {
    const error = new VaultRequestError('unknown role: nobody.', {
      request: { method: 'GET', path: 'database/creds/nobody' },
      status: 400,
    });
    expect(startFailureOf(error, 'DB_MIGRATION_CREDENTIALS')).toEqual({
      code: 'VAULT_REQUEST_INVALID',
      message: 'unknown role: nobody.',
      setting: 'DB_MIGRATION_CREDENTIALS',
      remedy: 'Check DB_MIGRATION_CREDENTIALS.',
    });
  });

  it('adds the stack to an error that nobody foresaw', () => {
    const failure = startFailureOf(new TypeError('x is not a function'), 'DB_CREDENTIALS');
    expect(failure).toMatchObject({ code: 'GRIMOIRE_START_FAILED', message: 'x is not a function' });
    expect(failure.stack).toContain('start-failure.spec.ts');
  });

  it('survives what is no error', () => {
    expect(startFailureOf(undefined, 'DB_CREDENTIALS')).toMatchObject({ code: 'GRIMOIRE_START_FAILED' });
  });
});
