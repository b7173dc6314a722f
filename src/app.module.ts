import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { DatabaseModule } from '@keyturn/database';
import { VaultModule } from '@keyturn/vault';
import { databaseOptions } from './database/database-options.js';
import { HealthModule } from './health/health.module.js';
import { ConnectionDrain } from './http/connection-drain.js';
import { RecipesModule } from './recipes/recipes.module.js';
import { GrimoireSettings } from './settings/grimoire-settings.js';
import { SettingsModule } from './settings/settings.module.js';

/** Grimoire: recipes over HTTP, read from PostgreSQL with credentials that Vault issues, renews, replaces and revokes. */
@Module({
  imports: [
    SettingsModule,
    ScheduleModule.forRoot(),
    VaultModule.forRoot(),
    DatabaseModule.forRootAsync({
      inject: [GrimoireSettings],
      useFactory: ({ database }: GrimoireSettings) => databaseOptions(database, database.credentials),
    }),
    RecipesModule,
    HealthModule,
  ],
  providers: [ConnectionDrain],
})
export class AppModule {}
