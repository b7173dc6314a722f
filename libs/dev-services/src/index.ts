export { DevServices } from './dev-services.js';
export type { DevServicesOptions } from './dev-services.options.js';
export { OpenBaoServer } from './openbao/open-bao-server.js';
export { PostgresServer } from './postgres/postgres-server.js';
