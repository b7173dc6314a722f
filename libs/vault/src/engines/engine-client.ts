import type { VaultHandler } from '../client/vault-handler.js';
import { vaultPath } from '../client/vault-path.js';
import type { VaultRequest } from '../client/vault-request.js';
import type { VaultResponse } from '../client/vault-response.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { fieldsOf } from '../support/json-fields.js';
import { callOptions, type EngineCall } from './engine-call.js';
import { camelFields } from './engine-fields.js';

/** What a request needs besides the caller's options. `path` is below the mount; each part is encoded by itself. */
export interface EngineRequest extends Pick<
  VaultRequest,
  'method' | 'query' | 'body' | 'mints' | 'acceptStatus' | 'token' | 'pathTemplate'
> {
  readonly path: readonly string[];
  /** How the data becomes what the method promises. Default: its fields in camel case. */
  readonly convert?: ((data: unknown) => unknown) | undefined;
}

/** Names of what a folder of Vault holds; names of folders end in `/`. */
export interface KeyList {
  readonly keys: readonly string[];
}

/** Requests below one mount: the part that every engine shares. */
export class EngineClient {
  readonly #send: VaultHandler;
  readonly #prefix: readonly string[];
  readonly #mountPoint: string;

  /** @param prefix what comes before the mount, such as `auth` */
  constructor(send: VaultHandler, mountPoint: string, prefix: readonly string[] = []) {
    this.#send = send;
    this.#mountPoint = mountPoint;
    this.#prefix = prefix;
  }

  async request<Data>(call: EngineCall, { path, convert = camelFields, ...request }: EngineRequest): Promise<VaultResponse<Data>> {
    const mount = call.mountPoint ?? this.#mountPoint;
    const response = await this.#send({
      ...callOptions(call),
      ...request,
      path: vaultPath(...this.#prefix, withoutEndSlash(mount), ...path),
    });
    // A wrapped answer holds a token instead of data.
    return response.withData((call.wrapTtl === undefined ? convert(response.data) : null) as Data);
  }

  read<Data>(call: EngineCall, ...path: readonly string[]): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'GET', path });
  }

  /**
   * A folder that does not exist is one with no entries to Vault: it answers 404.
   * @throws VaultResponseInvalidError if the answer lists nothing: that must not pass for an empty folder
   */
  list<Data extends KeyList = KeyList>(call: EngineCall, ...path: readonly string[]): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'LIST', path, convert: listOf });
  }

  /** A write that leaves the same state when it is done twice: it is repeated like a read. */
  write<Data = null>(call: EngineCall, path: readonly string[], body: VaultRequest['body'] = {}): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'POST', path, body, mints: false });
  }

  /** A write that makes something new each time: it is never repeated blindly. */
  mint<Data>(call: EngineCall, path: readonly string[], body: VaultRequest['body'] = {}): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'POST', path, body, mints: true });
  }

  delete(call: EngineCall, ...path: readonly string[]): Promise<VaultResponse<null>> {
    return this.request(call, { method: 'DELETE', path });
  }
}

function listOf(data: unknown): unknown {
  if (Array.isArray(fieldsOf(data)['keys'])) return camelFields(data);
  throw new VaultResponseInvalidError('The answer to a list has no keys.', {
    remedy: 'Check that the mount is of the kind that the call is for.',
  });
}

/** Vault itself lists mounts as `secret/`. */
function withoutEndSlash(mount: string): string {
  return mount.endsWith('/') ? mount.slice(0, -1) : mount;
}

/** The segments of a path that may be left out or name a folder: `''` and `app/` are fine there. */
export function folderPath(path: string | undefined): readonly string[] {
  const trimmed = path?.endsWith('/') === true ? path.slice(0, -1) : (path ?? '');
  return trimmed === '' ? [] : [trimmed];
}
