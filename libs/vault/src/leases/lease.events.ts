import type { VaultError } from '../errors/vault-error.js';

/** Why a lease can no longer be extended although it still lives. */
export type LeaseEndingReason = 'truncated' | 'not-renewable' | 'token-replaced';

/** Why a lease is gone. */
export type LeaseLostReason = 'revoked' | 'expired' | 'token-revoked';

/** What happens to a lease, in the past tense (`leaseEnding`: it will not be renewed again). Carries no lease id. */
export type LeaseEvent =
  | { readonly type: 'leaseRenewed'; readonly name: string; readonly remainingMs: number }
  | { readonly type: 'leaseRenewalFailed'; readonly name: string; readonly error: VaultError; readonly nextTryInMs: number }
  | { readonly type: 'leaseEnding'; readonly name: string; readonly reason: LeaseEndingReason; readonly remainingMs: number }
  | { readonly type: 'leaseLost'; readonly name: string; readonly reason: LeaseLostReason }
  | { readonly type: 'leaseRevoked'; readonly name: string };

/**
 * What happens to the renewals of many leases at once. `name`: only those of the leases called so are concerned, as their engine says no;
 * undefined: all, as Vault is away. `leases`: how many are tracked, and how many waited.
 */
export type RenewalOutageEvent =
  | {
      readonly type: 'renewalsHeld';
      readonly name: string | undefined;
      readonly leases: number;
      readonly error: VaultError;
      readonly nextTryInMs: number;
    }
  | { readonly type: 'renewalsResumed'; readonly name: string | undefined; readonly leases: number; readonly heldMs: number };

/** All that a registry tells of its leases. */
export type LeaseRegistryEvent = LeaseEvent | RenewalOutageEvent;
