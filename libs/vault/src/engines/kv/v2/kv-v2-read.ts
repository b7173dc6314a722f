import { vaultPath } from '../../../client/request/vault-path.js';
import type { VaultRequest } from '../../../client/request/vault-request.js';
import type { VaultResponse } from '../../../client/answer/vault-response.js';
import { VaultResponseInvalidError } from '../../../errors/vault-response-invalid.error.js';
import { isJsonObject, numberOf, textOf } from '../../../support/json/json-fields.js';
import { checkedCount } from '../../../support/checked/checked-count.js';
import { redactedShape } from '../../../support/redaction/redacted.js';
import type { EngineCall } from '../../engine-call.js';
import { withoutEndSlash } from '../../engine-client.js';
import type { KvV2Secret, KvV2VersionMetadata } from './kv-v2.types.js';

export interface KvV2ReadOptions extends EngineCall {
  readonly path: string;
  /** Default: the latest. */
  readonly version?: number | undefined;
}

/**
 * The request that reads a version of a secret.
 * @throws VaultConfigurationError for a version that is no whole number
 */
export function kvV2ReadRequest(options: KvV2ReadOptions, mountPoint: string): VaultRequest {
  const { signal, timeoutMs, namespace, wrapTtl, bypassCache, cacheTtlMs, allowStale, repeat } = options;
  // One literal instead of a spread, with the places of deadline and token in it: every read passes here and through the interceptors.
  return {
    method: 'GET',
    path: vaultPath(withoutEndSlash(options.mountPoint ?? mountPoint), 'data', options.path),
    query: options.version === undefined ? undefined : { version: checkedCount(options.version, 'version') },
    cacheable: true,
    signal,
    timeoutMs,
    namespace,
    wrapTtl,
    bypassCache,
    cacheTtlMs,
    allowStale,
    repeat,
    deadlineMs: undefined,
    token: undefined,
  };
}

/**
 * The answer to {@link kvV2ReadRequest} with its data typed; the same object for the same answer.
 * @throws VaultResponseInvalidError if it is not a KV v2 secret
 */
export function kvV2SecretOf<Value>(response: VaultResponse, path: string): VaultResponse<KvV2Secret<Value>> {
  const typed = response.derive(typedAnswer);
  if (typed !== undefined) return typed as VaultResponse<KvV2Secret<Value>>;
  throw new VaultResponseInvalidError(`The answer for ${path} is not a KV version 2 secret.`, {
    remedy: 'Check that the mount is a KV engine of version 2.',
  });
}

function typedAnswer(response: VaultResponse): VaultResponse<KvV2Secret<unknown>> | undefined {
  const { data, metadata } = isJsonObject(response.data) ? response.data : {};
  if (!isJsonObject(data) || !isJsonObject(metadata)) return undefined;
  // Both halves are sealed already, as everything from the parser is.
  return response.withData(new Secret(data, versionMetadataOf(metadata)));
}

const Secret = redactedShape<KvV2Secret<unknown>, [data: unknown, metadata: KvV2VersionMetadata]>(function (data, metadata) {
  this.data = data;
  this.metadata = metadata;
  Object.freeze(this);
});

/** Metadata of a version, from Vault's words. */
export function versionMetadataOf(metadata: Readonly<Record<string, unknown>>): KvV2VersionMetadata {
  return new VersionMetadata(metadata);
}

const VersionMetadata = redactedShape<KvV2VersionMetadata, [Readonly<Record<string, unknown>>]>(function (metadata) {
  this.version = numberOf(metadata['version']);
  this.createdTime = textOf(metadata['created_time']);
  this.deletionTime = textOf(metadata['deletion_time']);
  this.destroyed = metadata['destroyed'] === true;
  this.customMetadata = (metadata['custom_metadata'] ?? null) as Record<string, string> | null;
  Object.freeze(this);
});
