import { Module } from '@nestjs/common';
import { DatabaseModule } from '@keyturn/database';
import { VaultModule } from '@keyturn/vault';
import { GrimoireSettings } from '../settings/grimoire-settings.js';
import { SettingsModule } from '../settings/settings.module.js';
import { databaseOptions } from './database-options.js';

/** The database as the owner of the schema sees it, for `npm run migrate`. */
@Module({
  imports: [
    SettingsModule,
    VaultModule.forRoot(),
    DatabaseModule.forRootAsync({
      inject: [GrimoireSettings],
      useFactory: ({ database }: GrimoireSettings) => databaseOptions(database, database.migrationCredentials),
    }),
  ],
})
export class MigrationModule {}
