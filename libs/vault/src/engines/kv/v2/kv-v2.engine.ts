import type { VaultHandler } from '../../../client/call/vault-handler.js';
import type { VaultResponse } from '../../../client/answer/vault-response.js';
import { fieldsOf, isJsonObject } from '../../../support/json/json-fields.js';
import { checkedCount } from '../../../support/checked/checked-count.js';
import { redactedObject } from '../../../support/redaction/redacted.js';
import { holding, isCount } from '../../answer-check.js';
import type { EngineCall } from '../../engine-call.js';
import { EngineClient, folderPath, type KeyList } from '../../engine-client.js';
import { bodyOf, camelDeep, camelFields } from '../../engine-fields.js';
import { kvV2ReadRequest, kvV2SecretOf, versionMetadataOf, type KvV2ReadOptions } from './kv-v2-read.js';
import type {
  KvV2Configuration,
  KvV2MetadataCall,
  KvV2PathCall,
  KvV2Secret,
  KvV2SecretMetadata,
  KvV2Subkeys,
  KvV2VersionMetadata,
  KvV2VersionsCall,
  KvV2WriteCall,
} from './kv-v2.types.js';
import { refuseRoundedNumbers } from './kv-v2-numbers.js';
import { checkSecret, type SecretSchema } from '../secret-schema.js';
import { walkFolder, type FolderList, type FolderWalk } from '../list-all.js';

type SecretData = Readonly<Record<string, unknown>>;

/** KV version 2: versions of secrets, in hvac's words. Source: Vault API, "KV secrets engine, version 2". */
export class KvV2Engine {
  readonly #send: VaultHandler;
  readonly #client: EngineClient;
  readonly #mountPoint: string;

  constructor(send: VaultHandler, mountPoint = 'secret') {
    this.#send = send;
    this.#mountPoint = mountPoint;
    this.#client = new EngineClient(send, mountPoint);
  }

  /** Sets what the mount does unless a secret says otherwise. */
  configure(options: EngineCall & Partial<KvV2Configuration>): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['config'], bodyOf(options));
  }

  readConfiguration(options: EngineCall = {}): Promise<VaultResponse<KvV2Configuration>> {
    return this.#client.read(options, 'config');
  }

  /** Reads the latest version: hvac's other name for `readSecretVersion` without a version. */
  readSecret<Value = SecretData>(
    options: KvV2ReadOptions & { readonly schema?: SecretSchema<Value> | undefined },
  ): Promise<VaultResponse<KvV2Secret<Value>>> {
    return this.readSecretVersion<Value>(options);
  }

  /**
   * Reads a version of a secret, the latest by default. The answer may come from the cache.
   * @param options.schema what the data must be; it becomes what the schema makes of it
   * @throws VaultNotFoundError if there is no such secret, VaultSecretDeletedError if the version is deleted or destroyed,
   * VaultSecretInvalidError if it is not what the schema says
   */
  async readSecretVersion<Value = SecretData>(
    options: KvV2ReadOptions & { readonly schema?: SecretSchema<Value> | undefined },
  ): Promise<VaultResponse<KvV2Secret<Value>>> {
    const response = await this.#send(kvV2ReadRequest(options, this.#mountPoint));
    // A wrapped answer holds a token instead of data.
    if (options.wrapTtl !== undefined) return response as VaultResponse<KvV2Secret<Value>>;
    const typed = kvV2SecretOf<Value>(response, options.path);
    if (options.schema === undefined) return typed;
    const data = await checkSecret(typed.data.data, options.schema, options);
    return typed.withData(redactedObject({ data, metadata: typed.data.metadata }));
  }

  /** The names in a secret, down to `depth` levels (0: all), without their values. */
  async readSubkeys(options: KvV2ReadOptions & { readonly depth?: number | undefined }): Promise<VaultResponse<KvV2Subkeys>> {
    const { version, depth } = options;
    const query = {
      ...(version === undefined ? {} : { version: checkedCount(version, 'version') }),
      ...(depth === undefined ? {} : { depth: checkedCount(depth, 'depth') }),
    };
    return this.#client.request(options, { method: 'GET', path: ['subkeys', options.path], query, convert: subkeysOf });
  }

  /**
   * Writes a new version.
   * @throws VaultRequestError if `cas` is not the current version; VaultNumberInexactError for a number that the engine would round
   */
  async createOrUpdateSecret(options: KvV2WriteCall): Promise<VaultResponse<KvV2VersionMetadata>> {
    // With `cas` a repetition cannot make a second version, but it could report the first one as a conflict.
    return this.#client.request(options, {
      method: 'POST',
      path: ['data', options.path],
      body: writeBody(options),
      mints: true,
      convert: writtenVersion,
    });
  }

  /**
   * Merges into the latest version, on the server; `null` removes a name.
   * @throws VaultNotFoundError if there is no version to merge into; VaultNumberInexactError for a number that the engine would round
   */
  async patch(options: KvV2WriteCall): Promise<VaultResponse<KvV2VersionMetadata>> {
    return this.#client.request(options, {
      method: 'PATCH',
      path: ['data', options.path],
      body: writeBody(options),
      mints: true,
      convert: writtenVersion,
    });
  }

  /** Deletes the latest version; it can be undeleted. */
  deleteLatestVersionOfSecret(options: KvV2PathCall): Promise<VaultResponse<null>> {
    return this.#client.request(options, { method: 'DELETE', path: ['data', options.path], mints: true });
  }

  /** Deletes versions; they can be undeleted. */
  deleteSecretVersions(options: KvV2VersionsCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['delete', options.path], bodyOf(options, 'path'));
  }

  undeleteSecretVersions(options: KvV2VersionsCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['undelete', options.path], bodyOf(options, 'path'));
  }

  /** Removes the data of versions for good. */
  destroySecretVersions(options: KvV2VersionsCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['destroy', options.path], bodyOf(options, 'path'));
  }

  /** Names in a folder; those of folders end in `/`. */
  listSecrets(options: EngineCall & FolderList = {}): Promise<VaultResponse<KeyList>> {
    return this.#client.list(options, 'metadata', ...folderPath(options.path));
  }

  /**
   * The paths of all secrets below a folder. Each folder is listed when the walk gets there: page by page on OpenBao, whole on
   * HashiCorp Vault, which has no pages.
   * @throws VaultPathError at the end for names that cannot be asked for, unless `onSkipped` takes them
   */
  iterateSecrets(options: EngineCall & FolderWalk = {}): AsyncGenerator<string> {
    return walkFolder(options, (part) => this.listSecrets({ ...options, ...part }));
  }

  readSecretMetadata(options: KvV2PathCall): Promise<VaultResponse<KvV2SecretMetadata>> {
    return this.#client.request(options, { method: 'GET', path: ['metadata', options.path], convert: metadataOf });
  }

  updateMetadata(options: KvV2MetadataCall): Promise<VaultResponse<null>> {
    return this.#client.write(options, ['metadata', options.path], bodyOf(options, 'path'));
  }

  /** Removes the secret with all its versions for good. */
  deleteMetadataAndAllVersions(options: KvV2PathCall): Promise<VaultResponse<null>> {
    return this.#client.delete(options, 'metadata', options.path);
  }
}

function writeBody({ path, secret, cas }: KvV2WriteCall): Readonly<Record<string, unknown>> {
  refuseRoundedNumbers(secret, path);
  return { data: secret, ...(cas === undefined ? {} : { options: { cas } }) };
}

const writtenVersion = holding({ version: isCount }, (data) => versionMetadataOf(fieldsOf(data)));

const subkeysOf = holding({ subkeys: isJsonObject, metadata: isJsonObject }, (data) => {
  const { subkeys, metadata } = fieldsOf(data);
  return redactedObject({ subkeys: fieldsOf(subkeys), metadata: versionMetadataOf(fieldsOf(metadata)) });
});

/** The application's own names in `custom_metadata` stay as they are. */
const metadataOf = holding({ versions: isJsonObject }, (data) => {
  const { versions } = fieldsOf(data);
  return redactedObject({ ...(camelFields(data) as object), versions: camelDeep(versions) });
});
