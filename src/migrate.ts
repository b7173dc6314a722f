import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { MigrationModule } from './database/migration.module.js';
import { runMigrations } from './database/run-migrations.js';
import { runUntilFailure } from './start/run-until-failure.js';

await runUntilFailure({
  name: 'Migrations',
  credentialsSetting: 'DB_MIGRATION_CREDENTIALS',
  async run(logger) {
    const context = await NestFactory.createApplicationContext(MigrationModule, { logger, abortOnError: false });
    try {
      const applied = await runMigrations(context.get(DataSource));
      logger.log(applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`, 'Migrations');
    } finally {
      await context.close();
    }
  },
});
