import type { DynamicModule, FactoryProvider, Provider } from '@nestjs/common';
import { VaultConfigurationError } from '../../errors/vault-configuration.error.js';
import { isJsonObject } from '../../support/json/json-fields.js';
import { MODULE_OPTIONS_TOKEN, optionsFactoryMethod, type VaultModuleExtras } from '../vault.module-definition.js';

/** What `forRootAsync` may be given. */
export interface AsyncSource {
  readonly useFactory?: unknown;
  readonly useClass?: unknown;
  readonly useExisting?: unknown;
}

const declared: readonly (keyof VaultModuleExtras)[] = ['name', 'isGlobal', 'environment', 'interceptors'];

/**
 * The module of `forRootAsync`, whose options are checked for what is easily done wrong there, by the name of it.
 * @throws VaultConfigurationError if nothing gives the options
 */
export function checkedAsync(module: DynamicModule, { useFactory, useClass, useExisting }: AsyncSource): DynamicModule {
  if (useFactory === undefined && useClass === undefined && useExisting === undefined) {
    throw new VaultConfigurationError('VaultModule.forRootAsync() was given nothing that makes the options.', {
      setting: 'useFactory',
      remedy: 'Give it `useFactory`, `useClass` or `useExisting`.',
    });
  }
  const providers = (module.providers ?? []).map((provider) =>
    isOptions(provider) ? checked(provider, useFactory === undefined) : provider,
  );
  return { ...module, providers };
}

function isOptions(provider: Provider): provider is FactoryProvider {
  return 'provide' in provider && provider.provide === MODULE_OPTIONS_TOKEN && 'useFactory' in provider;
}

function checked(provider: FactoryProvider, isFromClass: boolean): FactoryProvider {
  return {
    ...provider,
    useFactory: async (...injected: unknown[]) => {
      if (isFromClass) checkFactory(injected[0]);
      return withoutDeclared(await provider.useFactory(...injected));
    },
  };
}

function checkFactory(factory: unknown): void {
  if (typeof (factory as Record<string, unknown> | null | undefined)?.[optionsFactoryMethod] === 'function') return;
  const name = (factory as object | null | undefined)?.constructor.name ?? 'given';
  throw new VaultConfigurationError(`The class ${name} of VaultModule.forRootAsync() has no method ${optionsFactoryMethod}().`, {
    setting: 'useClass',
    remedy: `Give it \`${optionsFactoryMethod}()\`, which returns the options or a promise of them.`,
  });
}

function withoutDeclared(options: unknown): unknown {
  const misplaced = isJsonObject(options) ? declared.find((name) => options[name] !== undefined) : undefined;
  if (misplaced === undefined) return options;
  throw new VaultConfigurationError(`The option \`${misplaced}\` of VaultModule comes from a factory, which is too late for it.`, {
    setting: misplaced,
    remedy: `Give it where the module is declared, beside the factory: forRootAsync({ ${misplaced}, useFactory }).`,
  });
}
