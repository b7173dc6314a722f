export { DevServices } from './dev-services.js';
export type { DevServicesOptions } from './dev-services.options.js';
export type { OpenBaoOptions } from './openbao/open-bao.options.js';
export { DevServicesError } from './errors/dev-services.error.js';
export { DevServicesOptionsInvalidError } from './errors/dev-services-options-invalid.error.js';
export { PortInUseError } from './errors/port-in-use.error.js';
export { RequestFailedError } from './errors/request-failed.error.js';
export { ServerNotFoundError, type PlaceTried } from './errors/server-not-found.error.js';
export { ServerStartFailedError, type StartFailure } from './errors/server-start-failed.error.js';
export { ServicesStoppedError } from './errors/services-stopped.error.js';
export type { FaultCounters } from './faults/fault-counters.js';
export { FaultProxy, type FaultProxyOptions } from './faults/fault-proxy.js';
export type { Fault } from './faults/fault.js';
export { Faults } from './faults/faults.js';
export type { ServerDistribution } from './locate/locate-open-bao.js';
export { OpenBaoAdmin } from './openbao/open-bao-admin.js';
export type { OpenBaoAnswer } from './api/open-bao-answer.js';
export type { OpenBaoAccess } from './api/open-bao-api.js';
export type { OpenBaoServerOptions } from './openbao/open-bao-server.options.js';
export { OpenBaoService } from './openbao/open-bao-service.js';
export type { PostgresAccess } from './postgres/postgres-access.js';
export { queryPostgres } from './postgres/postgres-query.js';
export { PostgresServer } from './postgres/postgres-server.js';
export { PostgresStandby } from './postgres/postgres-standby.js';
export type { PostgresServerOptions } from './postgres/postgres-server.options.js';
export { appRoleStatements, dropRoleStatements, type AppRoleStatementsOptions } from './provisioning/app-role-statements.js';
export { APPLICATION_POLICY } from './provisioning/application-policy.js';
export type { AppRoleCredentials } from './provisioning/provision-app-roles.js';
export type {
  AppRoleDefinition,
  DatabaseDefinition,
  DynamicRoleDefinition,
  KvDefinition,
  MountDefinition,
  PkiDefinition,
  Provisioning,
  ServerFields,
  StaticRoleDefinition,
} from './provisioning/provisioning.js';
export type { IssuedCertificate } from './tls/certificate-authority.js';
