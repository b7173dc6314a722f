import { dynamicRole, staticRole, type CredentialDefinition, type DatabaseModuleOptions } from '@keyturn/database';
import { readFileSync } from 'node:fs';
import type { CredentialsSetting } from '../settings/credentials-setting.js';
import type { DatabaseSettings } from '../settings/grimoire-settings.js';
import { CreateRecipes1760000000000 } from './migrations/1760000000000-create-recipes.migration.js';

/** What DatabaseModule takes: an ordinary TypeORM configuration without user and password, and where those come from. */
export function databaseOptions(settings: DatabaseSettings, credentials: CredentialsSetting): DatabaseModuleOptions {
  const { host, port, database, caFile, poolSize, connectTimeoutMs, drainMs, rotateAtFraction } = settings;
  return {
    typeorm: {
      type: 'postgres',
      host,
      port,
      database,
      ...(caFile === undefined ? {} : { ssl: { ca: readFileSync(caFile, 'utf8') } }),
      applicationName: 'grimoire',
      poolSize,
      connectTimeoutMS: connectTimeoutMs,
      autoLoadEntities: true,
      migrations: [CreateRecipes1760000000000],
    },
    credentials: roleCredentials(credentials),
    rotation: { atFraction: rotateAtFraction, drainMs, validationQuery: 'SELECT 1' },
  };
}

/** The credentials that a setting such as `dynamic:grimoire-reader` asks DatabaseModule for. */
function roleCredentials({ kind, role }: CredentialsSetting): CredentialDefinition {
  return kind === 'dynamic' ? dynamicRole(role) : staticRole(role);
}
