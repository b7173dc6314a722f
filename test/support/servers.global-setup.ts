import { DevServices } from '@keyturn/dev-services';
import type { TestProject } from 'vitest/node';
import type { SharedServers } from './servers.context.js';

/** Starts the servers that the specs of this project share and returns what stops them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const services = await DevServices.start({
    // Where KEYTURN_VAULT_BIN names a second fork for the contract, the shared server stays OpenBao.
    openbao: { faults: false, approle: true, distribution: process.env['KEYTURN_VAULT_BIN'] === undefined ? 'any' : 'openbao' },
    postgres: { settings: { max_connections: 200 } },
  });
  const { address, rootToken: token } = services.openbao;
  const { superuser, vaultAccess: vault } = services.postgres;
  const servers: SharedServers = { openbao: { address, token }, postgres: { superuser, vault } };
  project.provide('servers', servers);
  return () => services.stop();
}
