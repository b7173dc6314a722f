import { DevServicesOptionsInvalidError } from '../errors/dev-services-options-invalid.error.js';
import type { OpenBaoApi } from '../api/open-bao-api.js';
import type { PostgresAccess } from '../postgres/postgres-access.js';
import { provisionAppRoles } from './provision-app-roles.js';
import { provisionDatabase, provisionKv, provisionMount, provisionPki } from './provision-engines.js';
import type { AppRoleDefinition, Provisioning } from './provisioning.js';

/**
 * Gives a server all that is described, in an order in which each part finds what it needs. This folder decides what is sent for a
 * description. Fields of a role or engine are sent as the caller wrote them, and the server checks them.
 */
export async function provision(api: OpenBaoApi, wanted: Provisioning, postgres?: PostgresAccess): Promise<void> {
  for (const [path, mount] of Object.entries(wanted.mounts ?? {})) await provisionMount(api, path, mount);
  for (const [name, policy] of Object.entries(wanted.policies ?? {})) await api.call('PUT', `sys/policies/acl/${name}`, { policy });
  const appRoles = appRolesOf(wanted.approle);
  if (appRoles) await provisionAppRoles(api, appRoles);
  if (wanted.kv) await provisionKv(api, 'secret', { version: 2, secrets: wanted.kv });
  for (const [mount, kv] of Object.entries(wanted.kvMounts ?? {})) await provisionKv(api, mount, kv);
  if (wanted.pki) await provisionPki(api, wanted.pki);
  if (!wanted.database) return;
  if (!postgres)
    throw new DevServicesOptionsInvalidError('openbao.database', 'a PostgreSQL beside it', 'Start it with `postgres: true` as well.');
  await provisionDatabase(api, wanted.database, postgres);
}

/** The AppRoles that are asked for, by name; `true` means one with default settings. */
export function appRolesOf(wanted: Provisioning['approle']): Readonly<Record<string, AppRoleDefinition>> | undefined {
  if (wanted === true) return { app: {} };
  return wanted === false ? undefined : wanted;
}
