import { Inject, type InjectionToken } from '@nestjs/common';
import { DatabaseCredentials } from './database-credentials.js';
import { DatabaseHealthIndicator } from './database.health-indicator.js';

/** The injection token of the credentials of a named data source; without a name, or with `default`, the class {@link DatabaseCredentials}. */
export function getDatabaseCredentialsToken(name?: string): InjectionToken<DatabaseCredentials> {
  return isDefault(name) ? DatabaseCredentials : `keyturn:database-credentials:${name}`;
}

/** The injection token of the health indicator of a named data source; without a name the class {@link DatabaseHealthIndicator}. */
export function getDatabaseHealthIndicatorToken(name?: string): InjectionToken<DatabaseHealthIndicator> {
  return isDefault(name) ? DatabaseHealthIndicator : `keyturn:database-health:${name}`;
}

/** Injects the credentials of the data source of that name. */
export function InjectDatabaseCredentials(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getDatabaseCredentialsToken(name));
}

function isDefault(name: string | undefined): boolean {
  return name === undefined || name === 'default';
}
