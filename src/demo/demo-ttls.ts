/** Lives that are short enough to watch; OpenBao is provisioned with them. */
export const DEMO_TTLS = {
  /** Renewed at 4/5, so once or twice before `tokenMaxSeconds` asks for a new log-in. */
  tokenSeconds: 20,
  tokenMaxSeconds: 45,
  /** A lease is renewed at about 2/3 of it and replaced when `credentialMaxSeconds` truncates the renewal. */
  credentialSeconds: 8,
  credentialMaxSeconds: 12,
} as const;
