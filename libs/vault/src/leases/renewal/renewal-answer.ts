import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultError } from '../../errors/vault-error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import { isLeaseGone, isNotRenewable } from '../calls/lease-answers.js';
import type { LeaseExtension } from '../calls/lease-calls.js';
import { endsWithToken } from '../parent/token-end.js';
import type { LeaseStep } from '../tracked/lease-state.js';
import { believedEndMs, isRenewalTruncated, leaseDueAtMs, type LeaseTiming } from '../tracked/renewal-schedule.js';

/** What the answer to a renewal means for its lease. */
export type RenewalAnswer =
  /** It lives on, and is renewed again or ends with its token. */
  | { readonly kind: 'extended'; readonly next: Extract<LeaseStep, { readonly type: 'renewed' | 'ending' }> }
  /** The max TTL is near: the server gave clearly less than was asked for. */
  | { readonly kind: 'truncated'; readonly expiresAtMs: number }
  | { readonly kind: 'not-renewable' }
  | { readonly kind: 'gone' }
  /** Nothing is known of the lease. `ofEngine`: Vault is there and refuses what concerns this lease and others like it. */
  | { readonly kind: 'failed'; readonly error: VaultError; readonly ofEngine: boolean };

/** What is known of the lease that was renewed, and how the next renewal is timed. */
export interface RenewalContext {
  readonly expiresAtMs: number;
  readonly requestedMs: number;
  /** When its token ends, if nothing can move that. */
  readonly tokenEndMs: number | undefined;
  readonly timing: LeaseTiming;
  readonly random: () => number;
}

export function grantedRenewal({ givenMs, fromMs, receivedAtMs }: LeaseExtension, context: RenewalContext): RenewalAnswer {
  const expiresAtMs = believedEndMs(context.expiresAtMs, fromMs + givenMs);
  const end = endsWithToken({ fromMs, expiresAtMs, receivedAtMs }, context.tokenEndMs);
  if (end !== undefined) return { kind: 'extended', next: { type: 'ending', ...end } };
  if (isRenewalTruncated(givenMs, context.requestedMs)) return { kind: 'truncated', expiresAtMs };
  const dueAtMs = leaseDueAtMs({ fromMs, expiresAtMs }, context.timing, context.random());
  return { kind: 'extended', next: { type: 'renewed', expiresAtMs, dueAtMs } };
}

/** @param name of the lease */
export function refusedRenewal(error: unknown, name: string): RenewalAnswer {
  if (isNotRenewable(error)) return { kind: 'not-renewable' };
  if (isLeaseGone(error)) return { kind: 'gone' };
  const failure = isVaultError(error) ? error : new VaultServerError(`The renewal of ${name} failed for a reason that is not Vault's.`);
  return { kind: 'failed', error: failure, ofEngine: failure.code === 'VAULT_REQUEST_INVALID' || failure.code === 'VAULT_NOT_FOUND' };
}
