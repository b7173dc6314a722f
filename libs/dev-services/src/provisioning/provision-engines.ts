import type { OpenBaoApi } from '../api/open-bao-api.js';
import type { PostgresAccess } from '../postgres/postgres-access.js';
import type { DatabaseDefinition, KvDefinition, MountDefinition, PkiDefinition } from './provisioning.js';
import { waitUntil } from '../process/wait-until.js';

const KV_READY_TIMEOUT_MS = 10_000;

/** Mounts an engine unless something is mounted at that path. */
export async function provisionMount(api: OpenBaoApi, path: string, definition: MountDefinition): Promise<void> {
  const { data } = await api.call('GET', 'sys/mounts');
  if (!Object.hasOwn(data, `${path}/`)) await api.call('POST', `sys/mounts/${path}`, definition);
}

/** Mounts a key-value engine and writes its secrets. */
export async function provisionKv(api: OpenBaoApi, mount: string, { version, secrets = {} }: KvDefinition): Promise<void> {
  await provisionMount(api, mount, { type: 'kv', options: { version: String(version) } });
  // A fresh version 2 engine answers 400 while it upgrades itself.
  if (version === 2) await waitUntil(async () => (await api.ask('GET', `${mount}/config`)).status === 200, KV_READY_TIMEOUT_MS);
  for (const [path, data] of Object.entries(secrets)) {
    await (version === 2 ? api.call('POST', `${mount}/data/${path}`, { data }) : api.call('POST', `${mount}/${path}`, data));
  }
}

/** Mounts the database engine, connects it to PostgreSQL and defines its roles. */
export async function provisionDatabase(api: OpenBaoApi, definition: DatabaseDefinition, access: PostgresAccess): Promise<void> {
  const { mount = 'database', connection = 'postgres', dynamicRoles = {}, staticRoles = {} } = definition;
  await provisionMount(api, mount, { type: 'database' });
  await api.call('POST', `${mount}/config/${connection}`, {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    connection_url: connectionUrl(access),
    username: access.user,
    password: access.password,
  });
  for (const [name, role] of Object.entries(dynamicRoles))
    await api.call('POST', `${mount}/roles/${name}`, { db_name: connection, ...role });
  for (const [name, role] of Object.entries(staticRoles))
    await api.call('POST', `${mount}/static-roles/${name}`, { db_name: connection, ...role });
}

/** Mounts the PKI engine with a root of its own and defines its roles. */
export async function provisionPki(
  api: OpenBaoApi,
  { mount = 'pki', commonName = 'Keyturn test root', maxTtl = '720h', roles = {} }: PkiDefinition,
): Promise<void> {
  await provisionMount(api, mount, { type: 'pki', config: { max_lease_ttl: maxTtl } });
  const present = await api.ask('GET', `${mount}/cert/ca`);
  if (!present.data['certificate'])
    await api.call('POST', `${mount}/root/generate/internal`, { common_name: commonName, ttl: maxTtl, key_type: 'ec' });
  for (const [name, role] of Object.entries(roles)) await api.call('POST', `${mount}/roles/${name}`, role);
}

function connectionUrl({ host, port, database, caFile }: PostgresAccess): string {
  const tls = caFile ? `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}` : 'sslmode=disable';
  return `postgresql://{{username}}:{{password}}@${host}:${port}/${encodeURIComponent(database)}?${tls}`;
}
