import type { VaultCallOptions } from '../../client/request/vault-request.js';
import type { VaultResponse } from '../../client/answer/vault-response.js';
import { fieldsOf, textsOf } from '../../support/json/json-fields.js';
import { holding } from '../answer-check.js';
import { namedPath, type KeyList } from '../engine-client.js';
import { bodyOf } from '../engine-fields.js';
import { mountMapOf, SysMounts } from './sys-mounts.js';
import type { EnableAuditDeviceCall, MountMap, WrappingFacts } from './sys.types.js';

type NameCall = VaultCallOptions & { readonly name: string };
type TokenCall = VaultCallOptions & { readonly token: string };

/** The system backend, in hvac's words. Policies, capabilities, wrapping and audit are here; the rest in the classes below. */
export class SysEngine extends SysMounts {
  listPolicies(options: VaultCallOptions = {}): Promise<VaultResponse<KeyList>> {
    return this.client.list(options, 'policies', 'acl');
  }

  /** `policy` of the data is the text, in HCL. */
  readPolicy(options: NameCall): Promise<VaultResponse<{ readonly name: string; readonly policy: string }>> {
    return this.client.read(options, 'policies', 'acl', options.name);
  }

  /** @param options.policy HCL or JSON text, or the object of the JSON form */
  createOrUpdatePolicy(options: NameCall & { readonly policy: string | object }): Promise<VaultResponse<null>> {
    const policy = typeof options.policy === 'string' ? options.policy : JSON.stringify(options.policy);
    return this.client.write(options, ['policies', 'acl', options.name], bodyOf({ policy }));
  }

  deletePolicy(options: NameCall): Promise<VaultResponse<null>> {
    return this.client.delete(options, 'policies', 'acl', options.name);
  }

  /** What a token may do at each path: `{ 'secret/data/app': ['read'] }`. Without token and accessor: the session's token. */
  async getCapabilities(
    options: VaultCallOptions & { readonly paths: readonly string[]; readonly token?: string; readonly accessor?: string },
  ): Promise<Readonly<Record<string, readonly string[]>>> {
    const { token, accessor, paths } = options;
    const own = token === undefined && accessor === undefined;
    const endpoint = own ? 'capabilities-self' : accessor === undefined ? 'capabilities' : 'capabilities-accessor';
    const { data } = await this.client.request(options, {
      method: 'POST',
      path: [endpoint],
      body: bodyOf({ paths, token, accessor }),
      mints: false,
      convert: holding({}, (received) => received),
    });
    const capabilities = fieldsOf(data);
    return Object.fromEntries(paths.map((path) => [path, textsOf(capabilities[path])]));
  }

  /** Keeps a payload in Vault for `ttl` (such as `60s`) behind a token that can be used once: `wrapInfo` of the answer. */
  wrap(
    options: VaultCallOptions & { readonly payload: Readonly<Record<string, unknown>>; readonly ttl?: string },
  ): Promise<VaultResponse<null>> {
    const { payload, ttl = '60s', ...call } = options;
    return this.client.mint({ ...call, wrapTtl: ttl }, ['wrapping', 'wrap'], payload);
  }

  /** The answer behind a wrapping token, as Vault gave it. It can be taken once. */
  unwrap(options: TokenCall): Promise<VaultResponse> {
    return this.client.request(options, {
      method: 'POST',
      path: ['wrapping', 'unwrap'],
      body: bodyOf(options),
      mints: true,
      kind: 'bare',
      convert: (data) => data,
    });
  }

  /** What is known of a wrapping token, which stays usable. */
  lookupWrapping(options: TokenCall): Promise<VaultResponse<WrappingFacts>> {
    return this.client.ask(options, ['wrapping', 'lookup'], bodyOf(options));
  }

  /** Another wrapping token for the same answer; the old one ends. */
  rewrap(options: TokenCall): Promise<VaultResponse<null>> {
    return this.client.request(options, {
      method: 'POST',
      path: ['wrapping', 'rewrap'],
      body: bodyOf(options),
      mints: true,
      kind: 'wrapping',
    });
  }

  listEnabledAuditDevices(options: VaultCallOptions = {}): Promise<VaultResponse<MountMap>> {
    return this.client.request(options, { method: 'GET', path: ['audit'], convert: mountMapOf });
  }

  enableAuditDevice(options: EnableAuditDeviceCall): Promise<VaultResponse<null>> {
    const { deviceType: type, path = type, ...rest } = options;
    return this.client.mint(options, ['audit', ...namedPath(path)], bodyOf({ ...rest, type }));
  }

  disableAuditDevice(options: VaultCallOptions & { readonly path: string }): Promise<VaultResponse<null>> {
    return this.client.delete(options, 'audit', ...namedPath(options.path));
  }

  /** How an audit device would show `inputToHash`. */
  calculateHash(
    options: VaultCallOptions & { readonly path: string; readonly inputToHash: string },
  ): Promise<VaultResponse<{ readonly hash: string }>> {
    return this.client.ask(options, ['audit-hash', ...namedPath(options.path)], bodyOf({ input: options.inputToHash }));
  }
}
