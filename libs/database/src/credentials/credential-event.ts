/**
 * What happened to credentials that were issued:
 * - `changed`: `expiresAtMs` or `extendable` is another now.
 * - `ending`: they cannot be extended to the end of their life any more; replace them now.
 * - `lost`: they do not work any more: revoked, expired, or the token above them was revoked.
 */
export type CredentialEvent =
  { readonly type: 'changed' } | { readonly type: 'ending'; readonly reason: string } | { readonly type: 'lost'; readonly reason: string };
