import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { token } from '../../auth/token/token.auth-method.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultModuleOptions } from '../vault.module-definition.js';
import { VaultModule } from '../vault.module.js';

// What a connection stands on is loaded with the spec: else the first test waits for it.
await import('../connection/vault-connection.parts.js');

type AsyncOptions = Parameters<typeof VaultModule.forRootAsync>[0];

const options: VaultModuleOptions = { address: 'https://vault.invalid', auth: token('s.token') };

@Injectable()
class WithMethod {
  createVaultOptions(): VaultModuleOptions {
    return options;
  }
}

@Injectable()
class WithoutMethod {}

@Module({ providers: [WithMethod, WithoutMethod], exports: [WithMethod, WithoutMethod] })
class FactoriesModule {}

/** Puts an application together, which asks no server. */
async function failureOf(given: unknown): Promise<unknown> {
  try {
    await Test.createTestingModule({ imports: [VaultModule.forRootAsync(given as AsyncOptions)] }).compile();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('VaultModule.forRootAsync', () => {
  it.each<[string, object]>([
    ['useFactory', { useFactory: () => options }],
    ['useClass', { useClass: WithMethod }],
    ['useExisting', { useExisting: WithMethod, imports: [FactoriesModule] }],
  ])('takes options from %s', async (_, given) => expect(await failureOf(given)).toBeUndefined());

  it.each<[string, object, string, RegExp]>([
    ['a class without the method', { useClass: WithoutMethod }, 'useClass', /WithoutMethod.*createVaultOptions\(\)/],
    [
      'an existing provider without the method',
      { useExisting: WithoutMethod, imports: [FactoriesModule] },
      'useClass',
      /WithoutMethod.*createVaultOptions\(\)/,
    ],
    ['nothing that makes options', {}, 'useFactory', /useFactory/],
    ['a name from a factory', { useFactory: () => ({ ...options, name: 'admin' }) }, 'name', /beside the factory/],
    ['isGlobal from a factory', { useFactory: () => ({ ...options, isGlobal: false }) }, 'isGlobal', /beside the factory/],
    ['interceptors from a factory', { useFactory: () => ({ ...options, interceptors: [] }) }, 'interceptors', /beside the factory/],
    ['an environment from a factory', { useFactory: () => ({ ...options, environment: false }) }, 'environment', /beside the factory/],
    ['no options from a factory', { useFactory: () => undefined }, 'options', /Return them/],
  ])('refuses %s by its name', async (_, given, setting, message) => {
    const failure = await failureOf(given);
    expect(isVaultError(failure, 'VAULT_CONFIGURATION_INVALID')).toBe(true);
    expect(failure).toMatchObject({ setting, message: expect.stringMatching(message) });
  });
});
