import { DatabaseConfigurationError } from '@keyturn/database';
import { VaultConfigurationError } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { SettingInvalidError } from '../settings/setting-invalid.error.js';
import { PortInUseError } from './port-in-use.error.js';
import { startFailureOf } from './start-failure.js';

describe('startFailureOf', () => {
  it.each([
    [new SettingInvalidError('DB_HOST', 'is not set', 'Set it.'), 'GRIMOIRE_SETTING_INVALID', 'DB_HOST'],
    [new PortInUseError(3_000), 'GRIMOIRE_PORT_IN_USE', 'PORT'],
    [
      new DatabaseConfigurationError('typeorm.host is missing.', { setting: 'typeorm.host', remedy: 'Set it.' }),
      'DATABASE_CONFIGURATION_INVALID',
      'typeorm.host',
    ],
  ])('shows code, setting and remedy of %s', (error, code, setting) => {
    const failure = startFailureOf(error);
    expect(failure).toMatchObject({ code, setting });
    expect(failure.remedy).toBeTruthy();
    expect(failure.message).toContain(failure.remedy);
    expect(failure).not.toHaveProperty('stack');
  });

  it('shows an error of Vault without a setting of its own', () => {
    const failure = startFailureOf(new VaultConfigurationError('VAULT_ADDR is not set.', { remedy: 'Set it.' }));
    expect(failure).toEqual({ code: 'VAULT_CONFIGURATION_INVALID', message: 'VAULT_ADDR is not set. Set it.', remedy: 'Set it.' });
  });

  it('adds the stack to an error that nobody foresaw', () => {
    const failure = startFailureOf(new TypeError('x is not a function'));
    expect(failure).toMatchObject({ code: 'GRIMOIRE_START_FAILED', message: 'x is not a function' });
    expect(failure.stack).toContain('start-failure.spec.ts');
  });

  it('survives what is no error', () => {
    expect(startFailureOf(undefined)).toMatchObject({ code: 'GRIMOIRE_START_FAILED' });
  });
});
