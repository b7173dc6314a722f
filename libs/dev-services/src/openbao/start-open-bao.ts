import type { OpenBaoOptions } from './open-bao.options.js';
import { DevServicesOptionsInvalidError } from '../errors/dev-services-options-invalid.error.js';
import { locateOpenBao } from '../locate/locate-open-bao.js';
import { thisMachine } from '../locate/machine.js';
import type { Supervisor } from '../process/supervisor.js';
import type { OpenBaoAccess } from '../api/open-bao-api.js';
import { OpenBaoServer } from './open-bao-server.js';

/** A server that is up but not provisioned yet. */
export interface StartedOpenBao {
  readonly access: OpenBaoAccess;
  readonly server?: OpenBaoServer;
}

/** Starts a server, or takes the external one. */
export async function startOpenBao(supervisor: Supervisor, options: OpenBaoOptions, signal?: AbortSignal): Promise<StartedOpenBao> {
  if (options.external) return { access: options.external === true ? accessFromEnvironment(process.env) : options.external };
  const program = await locateOpenBao(thisMachine(signal), options.distribution);
  const server = await OpenBaoServer.start(supervisor, program, options);
  const { address, rootToken: token, caFile } = server;
  return { access: caFile ? { address, token, caFile } : { address, token }, server };
}

function accessFromEnvironment(environment: Readonly<Record<string, string | undefined>>): OpenBaoAccess {
  const address = environment['VAULT_ADDR'];
  const token = environment['VAULT_TOKEN'];
  const caFile = environment['VAULT_CACERT'];
  if (!address || !token)
    throw new DevServicesOptionsInvalidError('openbao.external', 'VAULT_ADDR and VAULT_TOKEN', 'Set both, or give the address and token.');
  return caFile ? { address, token, caFile } : { address, token };
}
