import type { VaultHandler } from '../../client/vault-handler.js';
import { vaultPath } from '../../client/vault-path.js';
import type { VaultResponse } from '../../client/vault-response.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { numberOf, textOf } from '../../support/json-fields.js';
import { sealSecret } from '../../support/seal-secret.js';
import { callOptions, type EngineCall } from '../engine-call.js';
import type { KvV2Secret, KvV2VersionMetadata } from './kv-v2.types.js';

/** KV version 2. Source: Vault API, "KV secrets engine, version 2". */
export class KvV2Engine {
  readonly #send: VaultHandler;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'secret') {
    this.#send = send;
    this.#mountPoint = mountPoint;
  }

  /**
   * Reads a version of a secret, the latest by default. The answer may come from the cache.
   * @throws VaultNotFoundError if there is no such secret, VaultSecretDeletedError if the version is deleted or destroyed
   */
  async readSecretVersion<Value = Readonly<Record<string, unknown>>>(
    options: EngineCall & { readonly path: string; readonly version?: number | undefined },
  ): Promise<VaultResponse<KvV2Secret<Value>>> {
    const response = await this.#send({
      ...callOptions(options),
      method: 'GET',
      path: vaultPath(options.mountPoint ?? this.#mountPoint, 'data', options.path),
      query: options.version === undefined ? undefined : { version: options.version },
      cacheable: true,
    });
    return response.withData(secretOf<Value>(response.data, options.path));
  }
}

function secretOf<Value>(received: unknown, path: string): KvV2Secret<Value> {
  const { data, metadata } = (received ?? {}) as { data?: Value; metadata?: Record<string, unknown> };
  if (data === undefined || data === null || metadata === undefined) {
    throw new VaultResponseInvalidError(`The answer for ${path} is not a KV version 2 secret.`, {
      remedy: 'Check that the mount is a KV engine of version 2.',
    });
  }
  return sealSecret({ data, metadata: metadataOf(metadata) });
}

function metadataOf(metadata: Record<string, unknown>): KvV2VersionMetadata {
  return {
    version: numberOf(metadata['version']),
    createdTime: textOf(metadata['created_time']),
    deletionTime: textOf(metadata['deletion_time']),
    destroyed: metadata['destroyed'] === true,
    customMetadata: (metadata['custom_metadata'] ?? null) as Record<string, string> | null,
  };
}
