import { VaultNotFoundError } from '../../errors/vault-not-found.error.js';
import { VaultPermissionDeniedError } from '../../errors/vault-permission-denied.error.js';
import { VaultRateLimitedError } from '../../errors/vault-rate-limited.error.js';
import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultSealedError } from '../../errors/vault-sealed.error.js';
import { VaultSecretDeletedError } from '../../errors/vault-secret-deleted.error.js';
import { VaultServerError } from '../../errors/vault-server.error.js';
import { VaultStandbyError } from '../../errors/vault-standby.error.js';
import { VaultTlsError } from '../../errors/vault-tls.error.js';
import type { VaultError, VaultErrorOptions, VaultErrorRequest } from '../../errors/vault-error.js';
import { textOf } from '../../support/json/json-fields.js';
import type { HttpExchangeResponse } from '../http/http-exchange.js';
import { policyLine } from './policy-line.js';
import { parseFailure } from './response-parser.js';

type AnswerFacts = VaultErrorOptions & { readonly request: VaultErrorRequest };

/** The error for an answer that is not a success, told by its status as Vault uses it. Source: Vault API, "HTTP status codes". */
export function answerError(answer: HttpExchangeResponse, request: VaultErrorRequest, hide: (text: string) => string): VaultError {
  const { errors, requestId } = parseFailure(answer.body);
  const serverErrors = errors.map((message) => hide(message.trim()));
  const retryAfterMs = parseRetryAfterMs(answer.headers['retry-after']);
  const options: AnswerFacts = {
    request,
    status: answer.status,
    serverErrors,
    ...(requestId === '' ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  if (answer.status === 400 && answer.body.startsWith('Client sent an HTTP request to an HTTPS server')) {
    return new VaultTlsError('The server speaks TLS, and it was spoken to in plain HTTP.', {
      request,
      status: 400,
      remedy: 'Set VAULT_ADDR (option `address`) to https://.',
    });
  }
  const what = `${request.method} ${request.path} failed with HTTP ${answer.status}`;
  const said = serverErrors.length === 0 ? `${what}.` : `${what}: ${serverErrors.join('; ')}.`;
  return errorFor(answer, said, options);
}

function errorFor(answer: HttpExchangeResponse, said: string, options: AnswerFacts): VaultError {
  const { status } = answer;
  if (status === 403) return new VaultPermissionDeniedError(said, { ...options, remedy: deniedRemedy(options.request) });
  if (status === 404)
    return (
      deletedSecret(answer.body, options) ??
      new VaultNotFoundError(said, { ...options, remedy: isOfVault(answer) ? 'Check the path, the mount and the namespace.' : notOfVault })
    );
  if (status === 429)
    return new VaultRateLimitedError(said, {
      ...options,
      remedy: 'Lower the rate of calls, or raise the quota that Vault names (of the rate, or of the number of leases).',
    });
  if (status === 472 || status === 473)
    return new VaultStandbyError(said, { ...options, remedy: 'Point VAULT_ADDR (option `address`) at the active node.' });
  if (status === 501) return new VaultSealedError(said, { ...options, remedy: 'Initialise Vault, and unseal it.' });
  if (status === 503) {
    const remedy = isOfVault(answer) ? 'Unseal Vault, or wait until it is back.' : `Wait until Vault is back. ${notOfVault}`;
    return new VaultSealedError(said, { ...options, remedy });
  }
  if (status === 400 && options.serverErrors?.some((text) => text.includes(upgrading)) === true)
    return new VaultServerError(said, { ...options, remedy: 'Wait until the new engine is ready: that takes a moment.' });
  if (status >= 500 || status === 412) return new VaultServerError(said, options);
  if (status >= 300 && status < 400) return new VaultRequestError(said, { ...options, remedy: notFollowed });
  return new VaultRequestError(said, options);
}

/** What a KV engine of version 2 says for a moment after it was mounted or upgraded. Source: vault-plugin-secrets-kv, upgrade.go. */
const upgrading = 'Upgrading from non-versioned to versioned data';

/** The transport follows redirects before an answer comes here: `transport/same-host-redirect.ts` says which, and how many. */
const notFollowed =
  'Only redirects within the scheme, host and port of VAULT_ADDR are followed, as they carry the token: up to three for a call, and for a ' +
  'write those with status 307 or 308. Point VAULT_ADDR (option `address`) at the final address.';

const notOfVault = 'The answer is none of Vault: check VAULT_ADDR (option `address`), and what stands between.';

/** Vault says each of its failures in JSON; a page, or nothing, is from something else. */
function isOfVault({ body }: HttpExchangeResponse): boolean {
  return body.trimStart().startsWith('{');
}

/** Vault says "permission denied" for all of this, and not which. */
function deniedRemedy(request: VaultErrorRequest): string {
  const otherwise = 'If it has one, the token is spent (`token_num_uses`), bound to other addresses, or of another namespace.';
  return `A policy with \`${policyLine(request)}\` would allow it. ${otherwise}`;
}

/** KV v2 answers 404 with the metadata in the body for a version that is deleted: that is not "absent". */
function deletedSecret(body: string, options: AnswerFacts): VaultSecretDeletedError | undefined {
  let metadata: Record<string, unknown> | undefined;
  try {
    metadata = (JSON.parse(body) as { data?: { metadata?: Record<string, unknown> } | null }).data?.metadata;
  } catch {
    return undefined;
  }
  if (typeof metadata?.['version'] !== 'number') return undefined;
  const { version, destroyed, deletion_time: deletionTime, created_time: createdTime } = metadata;
  const gone = destroyed === true ? 'destroyed' : 'deleted';
  return new VaultSecretDeletedError(
    `Version ${version} of ${options.request.path} is ${gone}.`,
    { version, destroyed: destroyed === true, deletionTime: textOf(deletionTime), createdTime: textOf(createdTime) },
    { ...options, remedy: destroyed === true ? 'Write a new version.' : 'Undelete it, or write a new version.' },
  );
}

/** Milliseconds of a `Retry-After` header in seconds or as an HTTP date (RFC 9110, 10.2.3). */
function parseRetryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  // `Date.parse` takes `-5` and `1.5` for dates as well; those of HTTP begin with the day of the week.
  const dateMs = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - Date.now());
}
