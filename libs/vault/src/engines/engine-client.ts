import type { VaultHandler } from '../client/call/vault-handler.js';
import { vaultPath } from '../client/request/vault-path.js';
import type { VaultRequest } from '../client/request/vault-request.js';
import type { VaultResponse } from '../client/answer/vault-response.js';
import { redactedObject } from '../support/redaction/redacted.js';
import { checkAnswer, holding, type AnswerKind } from './answer-check.js';
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
  /** What the answer has to be, unless it is wrapped. Default: `envelope`. */
  readonly kind?: AnswerKind | undefined;
}

/** Names of what a folder of Vault holds; names of folders end in `/`. */
export interface KeyList {
  readonly keys: readonly string[];
}

/** Which part of a folder, for servers that can tell parts, as OpenBao does for KV version 2. Others tell all of it. */
export interface KeyPage {
  /** Only names after this one. */
  readonly after?: string | undefined;
  /** So many names at the most. */
  readonly limit?: number | undefined;
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

  /** @throws VaultResponseInvalidError if the answer is not what the call is for */
  async request<Data>(
    call: EngineCall,
    { path, convert = camelFields, kind = 'envelope', ...request }: EngineRequest,
  ): Promise<VaultResponse<Data>> {
    const mount = call.mountPoint ?? this.#mountPoint;
    const response = await this.#send({
      ...callOptions(call),
      // A read makes nothing unless its engine says so, wherever it is mounted.
      mints: request.method === 'GET' ? false : undefined,
      ...request,
      path: vaultPath(...this.#prefix, withoutEndSlash(mount), ...path),
    });
    // A wrapped answer holds a token instead of data.
    const wrapped = call.wrapTtl !== undefined;
    if (!wrapped) checkAnswer(response, kind);
    else if (response.status !== 204) checkAnswer(response, 'wrapping');
    return response.withData((wrapped ? null : convert(response.data)) as Data);
  }

  read<Data>(call: EngineCall, ...path: readonly string[]): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'GET', path, convert: anObject });
  }

  /**
   * A folder that does not exist is one with no entries to Vault: it answers 404.
   * @throws VaultResponseInvalidError if the answer lists nothing: that must not pass for an empty folder
   */
  list<Data extends KeyList = KeyList>(call: EngineCall & KeyPage, ...path: readonly string[]): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'LIST', path, query: pageQuery(call), convert: listOf });
  }

  /** A write that leaves the same state when it is done twice: it is repeated like a read. */
  write<Data = null>(call: EngineCall, path: readonly string[], body: VaultRequest['body'] = {}): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'POST', path, body, mints: false });
  }

  /** A write that makes something new each time: it is never repeated blindly. */
  mint<Data>(call: EngineCall, path: readonly string[], body: VaultRequest['body'] = {}): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'POST', path, body, mints: true });
  }

  /** A question that is sent as a write, and answered with fields: it is repeated like a read. */
  ask<Data>(call: EngineCall, path: readonly string[], body: VaultRequest['body']): Promise<VaultResponse<Data>> {
    return this.request(call, { method: 'POST', path, body, mints: false, convert: anObject });
  }

  delete(call: EngineCall, ...path: readonly string[]): Promise<VaultResponse<null>> {
    return this.request(call, { method: 'DELETE', path });
  }
}

const anObject = holding({});
const listOf = holding({ keys: Array.isArray }, withPlainNames);

function pageQuery({ after, limit }: KeyPage): VaultRequest['query'] {
  if (after === undefined && limit === undefined) return undefined;
  return { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) };
}

/** Vault itself lists mounts as `secret/`. */
export function withoutEndSlash(mount: string): string {
  // What is not text is refused with the path that it would be in.
  return typeof mount === 'string' && mount.endsWith('/') ? mount.slice(0, -1) : mount;
}

/** The segments of a path that may be left out or name a folder: `''` and `app/` are fine there. */
export function folderPath(path: string | undefined): readonly string[] {
  const trimmed = withoutEndSlash(path ?? '');
  return trimmed === '' ? [] : [trimmed];
}

/** The same of a path that has to name something: an empty one is refused with the path that it would be in. */
export function namedPath(path: string): readonly string[] {
  return [withoutEndSlash(path)];
}

/** Names are there to be shown: they alone leave the redaction. */
function withPlainNames(data: unknown): unknown {
  const list = camelFields(data) as KeyList;
  return redactedObject({ ...list, keys: Object.freeze([...list.keys]) });
}
