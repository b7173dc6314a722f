import { inspect } from 'node:util';
import { redacted } from '../../support/redaction/redacted.js';

/** The `auth` block of a log-in or token answer, in camel case. */
export interface VaultAuth {
  readonly clientToken: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly tokenPolicies: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Seconds; 0 means that the token does not expire. */
  readonly leaseDuration: number;
  readonly renewable: boolean;
  readonly entityId: string;
  readonly tokenType: string;
  readonly identityPolicies?: readonly string[];
  readonly orphan?: boolean;
  /** Uses left; 0: not limited. */
  readonly numUses?: number;
}

/** The `wrap_info` block of a wrapped answer, in camel case. */
export interface VaultWrapInfo {
  readonly token: string;
  readonly accessor: string;
  /** Seconds. */
  readonly ttl: number;
  readonly creationTime: string;
  readonly creationPath: string;
  /** Accessor of the wrapped token, when a token was wrapped; else empty. */
  readonly wrappedAccessor?: string;
}

export interface VaultResponseFields<Data> {
  readonly status: number;
  readonly requestId: string;
  readonly leaseId: string;
  readonly leaseDuration: number;
  readonly renewable: boolean;
  readonly data: Data;
  readonly auth: VaultAuth | null;
  readonly wrapInfo: VaultWrapInfo | null;
  readonly warnings: readonly string[];
  readonly receivedAtMs: number;
  /** Default: `receivedAtMs`, for an answer that was never on its way. */
  readonly sentAtMs?: number;
  readonly tokenEpoch: number;
  readonly stale?: boolean;
}

type VaultResponseChanges<Data> = Pick<VaultResponseFields<Data>, 'data' | 'stale'>;

/**
 * An answer of Vault: the envelope in camel case, `data` as the engine sends it.
 * Shows its data, token and lease id to nobody who logs or serialises it.
 */
export class VaultResponse<Data = unknown> implements VaultResponseFields<Data> {
  readonly status: number;
  readonly requestId: string;
  /** Empty when the answer has no lease. */
  readonly leaseId: string;
  /** Seconds. */
  readonly leaseDuration: number;
  readonly renewable: boolean;
  readonly data: Data;
  readonly auth: VaultAuth | null;
  readonly wrapInfo: VaultWrapInfo | null;
  readonly warnings: readonly string[];
  /** Monotonic milliseconds at which the answer arrived. */
  readonly receivedAtMs: number;
  /** Monotonic milliseconds at which the request left: TTLs count from here, as Vault gave them at some time between the two. */
  readonly sentAtMs: number;
  /** The log-in whose token made the call: a lease of this answer dies with that token. */
  readonly tokenEpoch: number;
  /** Served from the cache while Vault was away, after its time: see `cache.staleIfUnavailableMs`. */
  readonly stale: boolean;
  #source: VaultResponse | undefined;
  #derivedBy: unknown;
  #derived: unknown;

  constructor(fields: VaultResponseFields<Data>);
  /** @internal The fields of another answer with changes: read one by one, because every answer is made this way. */
  constructor(fields: VaultResponseFields<unknown>, changes: VaultResponseChanges<Data>);
  constructor(fields: VaultResponseFields<unknown>, { data, stale }: VaultResponseChanges<Data> = fields as VaultResponseFields<Data>) {
    this.status = fields.status;
    this.requestId = fields.requestId;
    this.leaseId = fields.leaseId;
    this.leaseDuration = fields.leaseDuration;
    this.renewable = fields.renewable;
    this.data = data;
    this.auth = fields.auth;
    this.wrapInfo = fields.wrapInfo;
    this.warnings = fields.warnings;
    this.receivedAtMs = fields.receivedAtMs;
    this.sentAtMs = fields.sentAtMs ?? fields.receivedAtMs;
    this.tokenEpoch = fields.tokenEpoch;
    this.stale = stale ?? false;
    // A cached answer is the same object for every reader.
    Object.freeze(this);
  }

  /** The same answer with other data: used by engines that give the data its type. */
  withData<Other>(data: Other): VaultResponse<Other> {
    const other = new VaultResponse<Other>(this, { data, stale: this.stale });
    other.#source = this.source;
    return other;
  }

  /** @internal What `make` makes of the answer, made once: a cached answer is the same object for every reader. */
  derive<Made>(make: (answer: VaultResponse) => Made): Made {
    if (this.#derivedBy !== make) {
      this.#derived = make(this);
      this.#derivedBy = make;
    }
    return this.#derived as Made;
  }

  /** @internal The answer as it came, which the cache knows; itself unless it was made with `withData`. */
  get source(): VaultResponse {
    return this.#source ?? this;
  }

  /** The same answer, marked as older than it should be. */
  asStale(): VaultResponse<Data> {
    return new VaultResponse<Data>(this, { data: this.data, stale: true });
  }

  toJSON(): Record<string, unknown> {
    const { status, requestId, leaseDuration, renewable, warnings, stale } = this;
    return { status, requestId, leaseDuration, renewable, warnings, stale, data: redacted };
  }

  [inspect.custom](): string {
    return `VaultResponse ${inspect(this.toJSON())}`;
  }
}
