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
