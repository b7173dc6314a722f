export { appRole, type AppRoleOptions } from './auth/approle/approle.auth-method.js';
export type { AuthMethod, LoginContext, LoginResult } from './auth/auth-method.js';
export type { CredentialInput } from './auth/credential-input.js';
export { token } from './auth/token/token.auth-method.js';
export type { VaultEvents } from './assembly/vault-foundation.js';
export type { CacheStats } from './client/cache/cache-options.js';
export { AuthInterceptor } from './client/interceptors/auth.interceptor.js';
export { CacheInterceptor } from './client/interceptors/cache.interceptor.js';
export type { BuiltInInterceptor, InterceptorPlace } from './client/interceptors/interceptor-order.js';
export { ObserveInterceptor } from './client/interceptors/observe.interceptor.js';
export { RetryInterceptor } from './client/interceptors/retry.interceptor.js';
export { vaultPath } from './client/request/vault-path.js';
export type { InterceptorRegistration } from './nest/interceptor.registration.js';
export type { VaultExchange } from './client/interceptors/observe.interceptor.js';
export type { VaultInterceptor } from './client/interceptors/vault-interceptor.js';
export type { VaultHandler } from './client/call/vault-handler.js';
export type { VaultCallOptions, VaultCredential, VaultMethod, VaultRequest } from './client/request/vault-request.js';
export { VaultResponse, type VaultAuth, type VaultResponseFields, type VaultWrapInfo } from './client/answer/vault-response.js';
export { vaultOptionsFromEnvironment } from './config/environment/environment.js';
export type { Environment } from './config/environment/environment-variables.js';
export type { VaultCacheOptions, VaultHttpOptions, VaultOptions, VaultRetryOptions, VaultTlsOptions } from './config/vault-options.js';
export type { NodeVaultClient } from './client/node-vault/node-vault.door.js';
export type {
  AppRoleCall,
  AppRoleDefinitionCall,
  AppRoleLoginCall,
  GenerateSecretIdCall,
  SecretIdAccessorCall,
  SecretIdAnswer,
  SecretIdCall,
} from './engines/auth/approle-auth.types.js';
export type { AppRoleAuthEngine } from './engines/auth/approle-auth.engine.js';
export type { TokenAuthEngine } from './engines/auth/token-auth.engine.js';
export type { TokenCreateCall, TokenFacts, TokenRoleCall } from './engines/auth/token-auth.types.js';
export type { UserDefinitionCall, UserpassAuthEngine } from './engines/auth/userpass-auth.engine.js';
export type { DatabaseEngine } from './engines/database/database.engine.js';
export type {
  DatabaseConnection,
  DatabaseConnectionCall,
  DatabaseRole,
  DatabaseRoleCall,
  DatabaseStaticRole,
  DatabaseStaticRoleCall,
  GeneratedCredentials,
  StaticCredentials,
} from './engines/database/database.types.js';
export type { LeasedDatabaseCredentials } from './engines/database/leased-database-credentials.js';
export type { EngineCall } from './engines/engine-call.js';
export type { KeyList, KeyPage } from './engines/engine-client.js';
export type { KvEngine, KvSecret } from './engines/kv/kv.engine.js';
export type { KvV1Engine } from './engines/kv/kv-v1.engine.js';
export type { KvV2ReadOptions } from './engines/kv/v2/kv-v2-read.js';
export type { KvV2Engine } from './engines/kv/v2/kv-v2.engine.js';
export type {
  KvV2Configuration,
  KvV2MetadataCall,
  KvV2PathCall,
  KvV2Secret,
  KvV2SecretMetadata,
  KvV2Subkeys,
  KvV2VersionMetadata,
  KvV2VersionsCall,
  KvV2WriteCall,
} from './engines/kv/v2/kv-v2.types.js';
export type { FolderList, FolderWalk } from './engines/kv/list-all.js';
export type { CachedSecretPlace, SecretCache } from './engines/kv/secret-cache.js';
export type { SecretSchema } from './engines/kv/secret-schema.js';
export type { PkiEngine } from './engines/pki/pki.engine.js';
export type {
  GeneratedCertificate,
  GeneratedCsr,
  PkiAuthorityCall,
  PkiGenerateCall,
  PkiNamedCall,
  PkiSignCall,
  PkiUrls,
  RevokedCertificate,
  SignedCertificate,
  StoredCertificate,
} from './engines/pki/pki.types.js';
export type { AuthMethods, SecretsEngines } from './engines/secrets-engines.js';
export type { SysEngine } from './engines/sys/sys.engine.js';
export type {
  EnableAuditDeviceCall,
  EnableAuthMethodCall,
  EnableSecretsEngineCall,
  InitialisationKeys,
  InitializeCall,
  LeaderStatus,
  LeaseFacts,
  MountFacts,
  MountMap,
  SealStatus,
  ServerHealth,
  TuneCall,
  TuneFacts,
  WrappingFacts,
} from './engines/sys/sys.types.js';
export { vaultErrorCodes, type VaultErrorCode } from './errors/error-codes.js';
export { isVaultError, type VaultErrorOf } from './errors/is-vault-error.js';
export { VaultAbortedError } from './errors/vault-aborted.error.js';
export { VaultAuthenticationError } from './errors/vault-authentication.error.js';
export { VaultConfigurationError } from './errors/vault-configuration.error.js';
export { VaultError, type VaultErrorOptions, type VaultErrorRequest } from './errors/vault-error.js';
export { VaultLeaseLostError } from './errors/vault-lease-lost.error.js';
export { VaultNotFoundError } from './errors/vault-not-found.error.js';
export { VaultNumberInexactError } from './errors/vault-number-inexact.error.js';
export { VaultPathError } from './errors/vault-path.error.js';
export { VaultPermissionDeniedError } from './errors/vault-permission-denied.error.js';
export { VaultRateLimitedError } from './errors/vault-rate-limited.error.js';
export { VaultRequestError } from './errors/vault-request.error.js';
export { VaultResponseInvalidError } from './errors/vault-response-invalid.error.js';
export { VaultResponseTooLargeError } from './errors/vault-response-too-large.error.js';
export { VaultSealedError } from './errors/vault-sealed.error.js';
export { VaultSecretDeletedError, type DeletedSecretMetadata } from './errors/vault-secret-deleted.error.js';
export { VaultSecretInvalidError } from './errors/vault-secret-invalid.error.js';
export { VaultSecretUnredactableError } from './errors/vault-secret-unredactable.error.js';
export { VaultServerError } from './errors/vault-server.error.js';
export { VaultSessionClosedError } from './errors/vault-session-closed.error.js';
export { VaultStandbyError } from './errors/vault-standby.error.js';
export { VaultTimeoutError } from './errors/vault-timeout.error.js';
export { VaultTlsError } from './errors/vault-tls.error.js';
export { VaultUnreachableError } from './errors/vault-unreachable.error.js';
export type { LeaseEndingReason, LeaseEvent, LeaseLostReason, LeaseRegistryEvent, RenewalOutageEvent } from './leases/lease.events.js';
export type { LeaseRegistry, LeaseSummary } from './leases/lease-registry.js';
export type { LeaseState } from './leases/tracked/lease-state.js';
export type { TrackedLease } from './leases/tracked/tracked-lease.js';
export type { HealthReport, HealthStatus } from './nest/health/health-report.js';
export { LeaseHealthIndicator, type LeaseHealthFacts } from './nest/health/lease.health-indicator.js';
export { VaultHealthIndicator, type VaultHealthFacts } from './nest/health/vault.health-indicator.js';
export { ModuleReplacement, type ModuleReplacementFacts } from './nest/replacement/module-replacement.js';
export { ScheduledJobsClock, type TimeoutRegistry } from './nest/connection/scheduled-jobs.clock.js';
export { getVaultToken, InjectVault } from './nest/vault-tokens.js';
export { VaultModule } from './nest/vault.module.js';
export type { VaultModuleExtras, VaultModuleOptions } from './nest/vault.module-definition.js';
export { VaultService, type GetSecretOptions } from './nest/vault.service.js';
export type { RawVaultRequest } from './client/request/raw-request.js';
export type { SessionEvent, TokenReplacedReason } from './session/session.events.js';
export type { SessionState } from './session/session-state.js';
export type { SessionToken } from './session/token/session-token.js';
export type { VaultSession } from './session/vault-session.js';
export { checkedDelayMs } from './support/checked/checked-ms.js';
export { Clock } from './support/time/clock.js';
export { ExactNumber } from './support/json/exact-number.js';
export { revealSecret } from './support/redaction/seal-secret.js';
export { SecretValue } from './support/redaction/secret-value.js';
export { SystemClock } from './support/time/system-clock.js';
export { TypedEvents } from './support/typed-events.js';
