import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { VaultModule, token } from '@keyturn/vault';
import { describe, expect, it } from 'vitest';
import { dynamicRole } from '../../credentials/roles/dynamic-role.js';
import { isDatabaseError } from '../../errors/is-database-error.js';
import { DatabaseModule } from '../database.module.js';

const options = { typeorm: { type: 'postgres', host: 'database.invalid', database: 'none' }, credentials: dynamicRole('app') };

@Injectable()
class WithoutMethod {}

async function failureOf(given: object): Promise<unknown> {
  const vault = VaultModule.forRoot({ address: 'https://vault.invalid', auth: token('s.token'), isGlobal: false, environment: false });
  try {
    await Test.createTestingModule({ imports: [vault, DatabaseModule.forRootAsync(given)] }).compile();
    return undefined;
  } catch (error) {
    return error;
  }
}

// What a connection stands on is loaded with the spec: else the first test waits for it.
await failureOf({});

describe('DatabaseModule.forRootAsync', () => {
  it.each<[string, object, string, RegExp]>([
    ['no source of options', {}, 'useFactory', /useFactory, useClass or useExisting/],
    ['imports without a source of options', { imports: [], name: 'reports' }, 'useFactory', /useFactory, useClass or useExisting/],
    ['a class without the method', { useClass: WithoutMethod }, 'useClass', /createDatabaseOptions\(\)/],
    ['a name from a factory', { useFactory: () => ({ ...options, name: 'reports' }) }, 'name', /where the module is declared/],
    ['a connection from a factory', { useFactory: () => ({ ...options, vault: 'admin' }) }, 'vault', /where the module is declared/],
    ['no options from a factory', { useFactory: () => undefined }, 'options', /Return them/],
    ['a VaultModule that is imported and not global', { useFactory: () => options }, 'credentials', /isGlobal: false.*imports/],
  ])('refuses %s by its name', async (_, given, setting, message) => {
    const failure = await failureOf(given);
    expect(isDatabaseError(failure, 'DATABASE_CONFIGURATION_INVALID')).toBe(true);
    expect(failure).toMatchObject({ setting, message: expect.stringMatching(message) });
  });
});
