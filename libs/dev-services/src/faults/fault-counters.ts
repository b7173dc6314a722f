/** What has passed a proxy since it started. */
export interface FaultCounters {
  /** Connections accepted. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Connections that the proxy reset. */
  readonly reset: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  /** What a partition swallowed, in both directions. */
  readonly bytesLost: number;
}
