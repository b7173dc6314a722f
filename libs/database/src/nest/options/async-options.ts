import type { DynamicModule, FactoryProvider, Provider } from '@nestjs/common';
import { DatabaseConfigurationError } from '../../errors/database-configuration.error.js';
import type { DatabaseModuleExtras } from '../database-module.options.js';
import { MODULE_OPTIONS_TOKEN, optionsFactoryMethod } from '../database.module-definition.js';

const tooLate: readonly (keyof DatabaseModuleExtras)[] = ['name', 'vault', 'isGlobal'];

interface OptionsSource {
  readonly useFactory?: unknown;
  readonly useClass?: unknown;
  readonly useExisting?: unknown;
}

/**
 * The module of `forRootAsync`, which refuses by name a class that cannot make the options, and what a factory returns that is none or comes
 * too late.
 * @throws DatabaseConfigurationError where nothing makes the options
 */
export function withCheckedOptions(module: DynamicModule, { useFactory, useClass, useExisting }: OptionsSource): DynamicModule {
  if ((useFactory ?? useClass ?? useExisting) === undefined) {
    const what = 'DatabaseModule.forRootAsync() was told nothing that makes its options.';
    throw refused('useFactory', what, 'Give it useFactory, useClass or useExisting.');
  }
  const providers = (module.providers ?? []).map((provider) =>
    isOptions(provider) ? checked(provider, useFactory === undefined) : provider,
  );
  return { ...module, providers };
}

function isOptions(provider: Provider): provider is FactoryProvider {
  return 'provide' in provider && provider.provide === MODULE_OPTIONS_TOKEN && 'useFactory' in provider;
}

function checked(provider: FactoryProvider, isMadeByClass: boolean): FactoryProvider {
  const useFactory = async (...injected: unknown[]): Promise<object> => {
    if (isMadeByClass) refuseWithoutMethod(injected[0]);
    return checkedOptions(await provider.useFactory(...injected));
  };
  return { ...provider, useFactory };
}

function refuseWithoutMethod(factory: unknown): void {
  if (typeof factory === 'object' && factory !== null && optionsFactoryMethod in factory) return;
  throw refused(
    'useClass',
    `The class of DatabaseModule.forRootAsync() has no method ${optionsFactoryMethod}().`,
    'Give it one that returns the options.',
  );
}

function checkedOptions(options: unknown): object {
  if (typeof options !== 'object' || options === null)
    throw refused('options', 'DatabaseModule was given no options.', 'Return them from the factory of forRootAsync().');
  const late = tooLate.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (late === undefined) return options;
  const where = `Give it where the module is declared: forRootAsync({ ${late}, useFactory }).`;
  throw refused(late, `The option ${late} of DatabaseModule comes from a factory, which is too late for it.`, where);
}

function refused(setting: string, message: string, remedy: string): DatabaseConfigurationError {
  return new DatabaseConfigurationError(message, { setting, remedy });
}
