import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ModuleReplacement } from './module-replacement.js';
import { VaultConnectionModule } from '../connection/vault-connection.module.js';
import { VAULT_MODULE_IN_PLACE } from '../connection/vault-private-tokens.js';

/** A module of its own, which sees what stands in the place of VaultModule and not what the connection itself provides. */
@Module({})
export class VaultReplacementModule {
  static instead(of: Type): DynamicModule {
    const replacement = {
      provide: ModuleReplacement,
      inject: [{ token: VAULT_MODULE_IN_PLACE, optional: true }, ModulesContainer],
      useFactory: (inPlace: true | undefined, modules: ModulesContainer) =>
        new ModuleReplacement({
          isReplaced: inPlace === undefined,
          within: VaultReplacementModule,
          modules,
          isOurs: ({ metatype }) => metatype === VaultConnectionModule,
        }),
    };
    return { module: VaultReplacementModule, imports: [of], providers: [replacement], exports: [ModuleReplacement] };
  }
}
