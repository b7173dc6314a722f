import type { EngineCall } from '../../engine-call.js';

/** Data of a KV v2 read. Source: Vault API, KV v2, "Read secret version". */
export interface KvV2Secret<Value> {
  readonly data: Value;
  readonly metadata: KvV2VersionMetadata;
}

export interface KvV2VersionMetadata {
  readonly version: number;
  /** RFC 3339. */
  readonly createdTime: string;
  /** RFC 3339; empty while the version is not deleted. */
  readonly deletionTime: string;
  readonly destroyed: boolean;
  readonly customMetadata: Readonly<Record<string, string>> | null;
}

/** What a mount does unless a secret says otherwise. Source: Vault API, KV v2, "Configure the KV engine". */
export interface KvV2Configuration {
  /** 0: the server's default of 10. */
  readonly maxVersions: number;
  readonly casRequired: boolean;
  /** Duration such as `3h`; `0s`: versions are not deleted by themselves. */
  readonly deleteVersionAfter: string;
}

/** What is known of a secret and its versions. Source: Vault API, KV v2, "Read secret metadata". */
export interface KvV2SecretMetadata extends KvV2Configuration {
  readonly currentVersion: number;
  readonly oldestVersion: number;
  readonly createdTime: string;
  readonly updatedTime: string;
  readonly customMetadata: Readonly<Record<string, string>> | null;
  /** By version number. */
  readonly versions: Readonly<Record<string, Omit<KvV2VersionMetadata, 'version' | 'customMetadata'>>>;
}

/** The names in a secret without their values. Source: Vault API, KV v2, "Read secret subkeys". */
export interface KvV2Subkeys {
  /** Names with `null` for a value, or the names below. */
  readonly subkeys: Readonly<Record<string, unknown>>;
  readonly metadata: KvV2VersionMetadata;
}

export interface KvV2PathCall extends EngineCall {
  readonly path: string;
}

export interface KvV2WriteCall extends KvV2PathCall {
  readonly secret: Readonly<Record<string, unknown>>;
  /** Write only if this is the current version; 0: only if there is none. */
  readonly cas?: number | undefined;
}

export interface KvV2VersionsCall extends KvV2PathCall {
  readonly versions: readonly number[];
}

export interface KvV2MetadataCall extends KvV2PathCall, Partial<KvV2Configuration> {
  readonly customMetadata?: Readonly<Record<string, string>> | undefined;
}
