/**
 * What happened to credentials that were issued:
 * - `changed`: `expiresAtMs` or `extendable` has another value now.
 * - `ending`: the source cannot extend the credentials to the end of a whole life any more; replace them now.
 * - `lost`: the credentials do not work any more. They were revoked, they expired, or the token above them was revoked.
 */
export type CredentialEvent =
  { readonly type: 'changed' } | { readonly type: 'ending'; readonly reason: string } | { readonly type: 'lost'; readonly reason: string };
