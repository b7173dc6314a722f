import type { VaultCallOptions } from '../../client/request/vault-request.js';

type Fields = Readonly<Record<string, unknown>>;

/** Source: Vault API, "/sys/health". */
export interface ServerHealth {
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly standby: boolean;
  /** Seconds since the Unix epoch. */
  readonly serverTimeUtc: number;
  readonly version: string;
  readonly clusterName?: string;
  readonly clusterId?: string;
}

/** Source: Vault API, "/sys/seal-status". */
export interface SealStatus {
  readonly type: string;
  readonly initialized: boolean;
  readonly sealed: boolean;
  /** Keys needed, and keys that exist. */
  readonly t: number;
  readonly n: number;
  /** Keys given so far. */
  readonly progress: number;
  readonly version: string;
}

export interface InitializeCall extends VaultCallOptions {
  readonly secretShares: number;
  readonly secretThreshold: number;
}

export interface InitialisationKeys {
  readonly keys: readonly string[];
  readonly keysBase64: readonly string[];
  readonly rootToken: string;
}

/** Source: Vault API, "/sys/leader". */
export interface LeaderStatus {
  readonly haEnabled: boolean;
  readonly isSelf: boolean;
  readonly leaderAddress: string;
}

/** Source: Vault API, "/sys/leases", "Read lease". TTLs in seconds. */
export interface LeaseFacts {
  readonly id: string;
  /** RFC 3339. */
  readonly issueTime: string;
  readonly expireTime: string | null;
  readonly lastRenewal: string | null;
  readonly renewable: boolean;
  readonly ttl: number;
}

/** A secrets engine or auth method and where it is mounted. */
export interface MountFacts {
  readonly type: string;
  readonly description: string;
  readonly accessor: string;
  readonly config: Fields;
  readonly options: Readonly<Record<string, string>> | null;
  readonly local: boolean;
  readonly sealWrap: boolean;
  readonly uuid: string;
}

/** By path, such as `secret/`. */
export type MountMap = Readonly<Record<string, MountFacts>>;

/** Durations are `30s` or seconds. Source: Vault API, "/sys/mounts", "Enable secrets engine". */
export interface EnableSecretsEngineCall extends VaultCallOptions {
  /** Such as `kv`, `database`, `pki`. */
  readonly backendType: string;
  /** Default: the type. */
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  /** Such as `{ defaultLeaseTtl: '1h' }`. */
  readonly config?: Fields | undefined;
  /** Such as `{ version: '2' }` for KV. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly pluginName?: string | undefined;
  readonly local?: boolean | undefined;
  readonly sealWrap?: boolean | undefined;
}

export interface EnableAuthMethodCall extends VaultCallOptions {
  readonly methodType: string;
  /** Default: the type. */
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly config?: Fields | undefined;
  readonly pluginName?: string | undefined;
  readonly local?: boolean | undefined;
}

/** Durations are `30s` or seconds. Source: Vault API, "/sys/mounts", "Tune mount configuration". */
export interface TuneCall extends VaultCallOptions {
  readonly path: string;
  readonly defaultLeaseTtl?: string | number | undefined;
  readonly maxLeaseTtl?: string | number | undefined;
  readonly description?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly listingVisibility?: 'unauth' | 'hidden' | undefined;
  readonly tokenType?: string | undefined;
  readonly extraParams?: Fields | undefined;
}

/** TTLs in seconds. */
export interface TuneFacts {
  readonly defaultLeaseTtl: number;
  readonly maxLeaseTtl: number;
  readonly description: string;
  readonly forceNoCache: boolean;
}

export interface EnableAuditDeviceCall extends VaultCallOptions {
  readonly deviceType: string;
  readonly description?: string | undefined;
  /** Such as `{ file_path: '/var/log/audit.log' }`, in Vault's words. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly path?: string | undefined;
  readonly local?: boolean | undefined;
}

/** Of a wrapping token. Source: Vault API, "/sys/wrapping/lookup". */
export interface WrappingFacts {
  readonly creationPath: string;
  readonly creationTime: string;
  /** Seconds. */
  readonly creationTtl: number;
}
