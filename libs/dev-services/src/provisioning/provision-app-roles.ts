import type { OpenBaoApi } from '../api/open-bao-api.js';
import { APPLICATION_POLICY } from './application-policy.js';
import type { AppRoleDefinition } from './provisioning.js';

/** What an application logs in with. */
export interface AppRoleCredentials {
  readonly roleId: string;
  readonly secretId: string;
}

/** Enables the AppRole method unless it is, and defines the roles. */
export async function provisionAppRoles(api: OpenBaoApi, roles: Readonly<Record<string, AppRoleDefinition>>): Promise<void> {
  const { data } = await api.call('GET', 'sys/auth');
  if (!Object.hasOwn(data, 'approle/')) await api.call('POST', 'sys/auth/approle', { type: 'approle' });
  const { name: policy, rules } = APPLICATION_POLICY;
  await api.call('PUT', `sys/policies/acl/${policy}`, { policy: rules });
  for (const [name, role] of Object.entries(roles))
    await api.call('POST', `auth/approle/role/${name}`, { token_policies: [policy], ...role });
}

/** The role's id and a new secret id. */
export async function readAppRole(api: OpenBaoApi, name: string): Promise<AppRoleCredentials> {
  const role = await api.call('GET', `auth/approle/role/${name}/role-id`);
  const secret = await api.call('POST', `auth/approle/role/${name}/secret-id`, {});
  return { roleId: String(role.data['role_id']), secretId: String(secret.data['secret_id']) };
}
