import type { VaultResponse } from '../answer/vault-response.js';
import { answer } from '../interceptors/interceptor.fixture.js';
import type { VaultRequest } from '../request/vault-request.js';
import { nodeVaultDoor, type NodeVaultClient } from './node-vault.door.js';

export interface OpenDoor {
  readonly client: NodeVaultClient;
  /** What the client asked for. */
  readonly requests: VaultRequest[];
}

/** A client of the node-vault API whose calls end in `respond`. */
export function door(respond: () => VaultResponse | Promise<VaultResponse> = () => answer({ a: '1' })): OpenDoor {
  const requests: VaultRequest[] = [];
  const client = nodeVaultDoor('https://vault.test:8200', async (request) => {
    requests.push(request);
    return respond();
  });
  return { client, requests };
}
