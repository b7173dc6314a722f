/**
 * Every code a {@link VaultError} can carry, with the sentence that docs/reference/errors.md shows for it.
 * Codes are part of the public contract: they are added, never renamed.
 */
export const vaultErrorCodes = {
  VAULT_CONFIGURATION_INVALID: 'An option or environment variable is missing or malformed; the message names it.',
  VAULT_PATH_INVALID: 'A mount, path or name would not reach the endpoint it names; nothing was sent.',
  VAULT_UNREACHABLE: 'No connection to Vault could be made, or it broke before the answer was complete.',
  VAULT_TLS_FAILED: 'The TLS handshake with Vault or its proxy failed: a certificate is refused or missing, or no TLS is spoken.',
  VAULT_TIMEOUT: 'Vault did not answer within the deadline of the call.',
  VAULT_ABORTED: 'The caller aborted the call through its AbortSignal.',
  VAULT_AUTHENTICATION_FAILED: 'The log-in was refused: role id, secret id, token or another credential is wrong or spent.',
  VAULT_PERMISSION_DENIED:
    'Vault does not let this token make the call: no policy of it allows that, or it is spent, bound elsewhere or of another namespace.',
  VAULT_NOT_FOUND: 'There is nothing at the path: no such secret, role or mount.',
  VAULT_SECRET_DELETED: 'The version of the KV v2 secret is deleted or destroyed; its metadata is in the error.',
  VAULT_SECRET_INVALID: 'The secret is not what the given schema says; the message names the fields, never their values.',
  VAULT_SECRET_UNREDACTABLE: 'Data has a field whose name would make loggers show the fields beside it; the message names it.',
  VAULT_NUMBER_INEXACT: 'Data holds a number that JavaScript would round; the message names the field, never the number.',
  VAULT_REQUEST_INVALID:
    'Vault refused the request as malformed or against its state (HTTP 400, 405, 422), or its headers or its body cannot be sent.',
  VAULT_SEALED: 'Vault is sealed, uninitialised or in maintenance.',
  VAULT_STANDBY: 'The node is a standby that cannot answer the call.',
  VAULT_RATE_LIMITED: 'A quota of Vault refused the call (HTTP 429).',
  VAULT_SERVER_FAILED: 'Vault answered with a server error (HTTP 5xx), or an engine is not ready yet.',
  VAULT_RESPONSE_INVALID: 'The answer is not what Vault sends: not JSON, truncated, or of the wrong shape.',
  VAULT_RESPONSE_TOO_LARGE: 'The answer is larger than `http.maxResponseBytes`.',
  VAULT_LEASE_LOST: 'The lease is gone: expired, revoked, or its parent token was revoked.',
  VAULT_SESSION_CLOSED: 'The session was shut down; no further call can be made through it.',
} as const;

export type VaultErrorCode = keyof typeof vaultErrorCodes;
