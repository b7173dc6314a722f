/** An answer of the server in its own words; a field that the call does not have is absent or null. */
export interface OpenBaoAnswer {
  readonly status: number;
  readonly lease_id?: string;
  readonly lease_duration?: number;
  readonly renewable?: boolean;
  readonly data: Record<string, unknown>;
  readonly auth?: {
    readonly client_token: string;
    readonly accessor: string;
    readonly lease_duration: number;
    readonly renewable: boolean;
  };
  readonly warnings?: readonly string[] | null;
  readonly errors?: readonly string[];
  /** The whole body, for the few calls that answer outside `data` (health, seal status). */
  readonly body: Record<string, unknown>;
}
