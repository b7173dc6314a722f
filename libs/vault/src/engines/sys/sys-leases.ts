import type { VaultCallOptions } from '../../client/request/vault-request.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { folderPath, namedPath, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import { SysState } from './sys-state.js';
import type { LeaseFacts } from './sys.types.js';

type LeaseCall = VaultCallOptions & { readonly leaseId: string };
type PrefixCall = VaultCallOptions & { readonly prefix: string };

/** Leases of the server, also those of others. The application's own are looked after by `vault.leases`. Source: Vault API, "/sys/leases". */
export class SysLeases extends SysState {
  readLease(options: LeaseCall): Promise<VaultResponse<LeaseFacts>> {
    return this.client.request(options, { method: 'PUT', path: ['leases', 'lookup'], body: bodyOf(options), mints: false });
  }

  /** Ids below a prefix such as `database/creds/app`. */
  listLeases(options: PrefixCall): Promise<VaultResponse<KeyList>> {
    return this.client.list(options, 'leases', 'lookup', ...folderPath(options.prefix));
  }

  /** `increment` counts from now, in seconds: a small one shortens the lease. */
  renewLease(options: LeaseCall & { readonly increment?: number | undefined }): Promise<VaultResponse<null>> {
    return this.client.request(options, { method: 'PUT', path: ['leases', 'renew'], body: bodyOf(options), mints: false });
  }

  revokeLease(options: LeaseCall): Promise<VaultResponse<null>> {
    return this.client.request(options, { method: 'PUT', path: ['leases', 'revoke'], body: bodyOf(options), mints: false });
  }

  revokePrefix(options: PrefixCall): Promise<VaultResponse<null>> {
    return this.#revokeBelow('revoke-prefix', options);
  }

  /** Forgets the leases even if what they stand for cannot be revoked. */
  revokeForce(options: PrefixCall): Promise<VaultResponse<null>> {
    return this.#revokeBelow('revoke-force', options);
  }

  #revokeBelow(what: string, options: PrefixCall): Promise<VaultResponse<null>> {
    return this.client.request(options, { method: 'PUT', path: ['leases', what, ...namedPath(options.prefix)], body: {}, mints: false });
  }
}
