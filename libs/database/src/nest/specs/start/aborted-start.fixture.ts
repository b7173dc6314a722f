import { appRole, VaultModule, type AppRoleOptions } from '@keyturn/vault';
import { NestFactory } from '@nestjs/core';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import type { RotatingDataSourceOptions } from '../../../typeorm/rotating-data-source-options.js';
import { DatabaseModule } from '../../database.module.js';

export interface AbortedStartSettings {
  readonly address: string;
  readonly appRole: AppRoleOptions;
  readonly typeorm: RotatingDataSourceOptions;
}

/** Starts an application on the settings of KEYTURN_SPEC_START as Nest does by default: it ends the process when the start fails. */
async function startByDefault(): Promise<void> {
  const settings = JSON.parse(process.env['KEYTURN_SPEC_START'] ?? '{}') as AbortedStartSettings;
  const imports = [
    VaultModule.forRoot({ address: settings.address, auth: appRole(settings.appRole) }),
    DatabaseModule.forRoot({ typeorm: settings.typeorm, credentials: dynamicRole('app', { mountPoint: 'abortedstart' }) }),
  ];
  await NestFactory.create({ module: class AppModule {}, imports }, { logger: ['error'] });
}

// While the file is loaded: Vite's runner, which the start needs for what it loads itself, ends with that.
await startByDefault();
