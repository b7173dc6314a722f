import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ModuleReplacement } from '@keyturn/vault';
import { DataSourceModule } from './data-source.module.js';
import { DatabaseConnectionModule } from './database-connection.module.js';

/** `DatabaseModule` exports it: it is missing where a test has put another module in its place. */
export const DATABASE_MODULE_IN_PLACE = Symbol('keyturn:database-module-in-place');

/** A module of its own, which sees what stands in the place of DatabaseModule and not the data source itself. */
@Module({})
export class DatabaseReplacementModule {
  static instead(of: Type): DynamicModule {
    const replacement = {
      provide: ModuleReplacement,
      inject: [{ token: DATABASE_MODULE_IN_PLACE, optional: true }, ModulesContainer],
      useFactory: (inPlace: true | undefined, modules: ModulesContainer) =>
        new ModuleReplacement({
          isReplaced: inPlace === undefined,
          within: DatabaseReplacementModule,
          modules,
          // The other is the module of TypeORM on our connection.
          isOurs: ({ metatype, imports }) =>
            metatype === DataSourceModule || [...imports].some((imported) => imported.metatype === DatabaseConnectionModule),
        }),
    };
    return { module: DatabaseReplacementModule, imports: [of], providers: [replacement], exports: [ModuleReplacement] };
  }
}
