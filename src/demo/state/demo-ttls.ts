/** Lives that are short enough to watch; OpenBao is provisioned with them. */
export const DEMO_TTLS = {
  /** Renewed at 4/5, so once or twice before `tokenMaxSeconds` asks for a new log-in. */
  tokenSeconds: 20,
  tokenMaxSeconds: 45,
  /** A lease is renewed at 2/3 of it, in full; `credentialMaxSeconds` truncates the next renewal to 3 s: time for a new credential. */
  credentialSeconds: 6,
  credentialMaxSeconds: 11,
} as const;
