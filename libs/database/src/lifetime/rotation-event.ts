/**
 * Why credentials are replaced: their time has come, they cannot be renewed any more, they were revoked, the database refused them,
 * somebody asked for it, or an earlier try failed.
 */
export type RotationReason = 'scheduled' | 'ending' | 'lost' | 'login-rejected' | 'requested' | 'retry';

/** Whether callers may be waiting for the outcome: the flip does not wait for warm connections then. */
export function isUrgent(reason: RotationReason): boolean {
  return reason === 'lost' || reason === 'login-rejected';
}

/** What happens to the credentials of a source and the generations of its pools. No event carries a secret. */
export type RotationEvent =
  | { readonly type: 'credentialsIssued'; readonly generation: number; readonly username: string; readonly expiresInMs: number }
  | {
      readonly type: 'credentialsRotated';
      readonly from: number;
      readonly generation: number;
      readonly reason: RotationReason;
      readonly username: string;
      readonly expiresInMs: number;
      readonly pools: number;
      /** From the request for credentials to the flip. */
      readonly durationMs: number;
    }
  | {
      /** The database still refuses new credentials. The log-in is tried again until `rotation.credentialBudgetMs` is over. */
      readonly type: 'loginAwaited';
      readonly generation: number;
      readonly username: string;
      /** Since the first refusal. */
      readonly waitedMs: number;
    }
  | {
      readonly type: 'generationDrained';
      readonly generation: number;
      /** From the flip to the last connection closed. */
      readonly durationMs: number;
      /** Connections that were taken from their users at the deadline. */
      readonly terminated: number;
    }
  | { readonly type: 'credentialsRevoked'; readonly generation: number }
  | { readonly type: 'revocationFailed'; readonly generation: number; readonly code: string; readonly message: string }
  | {
      readonly type: 'rotationFailed';
      readonly reason: RotationReason;
      readonly code: string;
      readonly message: string;
      readonly retryInMs: number;
    }
  | { readonly type: 'credentialsExpired'; readonly generation: number };
