export { DatabaseError } from './errors/database-error.js';
export { databaseErrorCodes, type DatabaseErrorCode } from './errors/error-codes.js';
export { isDatabaseError } from './errors/is-database-error.js';
export { CredentialsInvalidError } from './errors/credentials-invalid.error.js';
export { CredentialsExpiredError } from './errors/credentials-expired.error.js';
export { CredentialsUnavailableError } from './errors/credentials-unavailable.error.js';
export { DatabaseConfigurationError } from './errors/database-configuration.error.js';
export { DrainDeadlineExceededError } from './errors/drain-deadline-exceeded.error.js';
export { LoginRejectedError } from './errors/login-rejected.error.js';
export { MintBudgetExhaustedError } from './errors/mint-budget-exhausted.error.js';
export { PoolClosedError } from './errors/pool-closed.error.js';
export { PoolTimeoutError } from './errors/pool-timeout.error.js';
export { RotationStoppedError } from './errors/rotation-stopped.error.js';
export { ServerUnreachableError } from './errors/server-unreachable.error.js';

export { DatabaseCredential, type ClientCertificate, type DatabaseCredentialParts } from './credentials/database-credential.js';
export type { CredentialEvent } from './credentials/credential-event.js';
export type { CredentialSource } from './credentials/credential-source.js';
export type { IssuedCredential } from './credentials/issued-credential.js';

export type { DriverAdapter } from './driver/driver-adapter.js';
export type { FailureKind } from './driver/failure-kind.js';
export type { GiveBack, NativeAcquireCallback, NativeConnection, NativePool, NativePoolListener } from './driver/native-pool.js';
export type { PoolSettings } from './driver/pool-settings.js';
export { PostgresAdapter } from './driver/postgres/postgres.adapter.js';
export type { PoolSnapshot } from './pool/pool-snapshot.js';
export { RotatingPool } from './pool/rotating-pool.js';

export { RotationController } from './rotation/rotation-controller.js';
export type { RotationControllerOptions } from './rotation/rotation-controller.options.js';
export type { RotationEvent, RotationReason } from './lifetime/rotation-event.js';
export type { RotationOptions } from './options/rotation-options.js';
export type { RotationSnapshot } from './rotation/report/rotation-snapshot.js';

export { rotatingDriver, type RotatingDriverOptions } from './typeorm/rotating-driver.js';
export { RotatingDataSource } from './typeorm/rotating-data-source.js';
export type { RotatingDataSourceOptions } from './typeorm/rotating-data-source-options.js';
export { withRotatingDriver } from './typeorm/with-rotating-driver.js';

export type { CredentialContext, CredentialDefinition, VaultAccess } from './credentials/credential-definition.js';
export { dynamicRole } from './credentials/roles/dynamic-role.js';
export type { RoleOptions } from './credentials/roles/role-options.js';
export { staticRole, type StaticRoleOptions } from './credentials/roles/static-role.js';

export { DatabaseCredentials } from './nest/database-credentials.js';
export type { DatabaseModuleExtras, DatabaseModuleOptions } from './nest/database-module.options.js';
export { DatabaseModule } from './nest/database.module.js';
export { getDatabaseCredentialsToken, getDatabaseHealthIndicatorToken, InjectDatabaseCredentials } from './nest/database-tokens.js';
export { DatabaseHealthIndicator, type DatabaseHealthFacts } from './nest/database.health-indicator.js';
