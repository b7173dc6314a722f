import { VaultRequestError } from '../../errors/vault-request.error.js';
import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import type { VaultError, VaultErrorRequest } from '../../errors/vault-error.js';

/** Failures before a connection stood. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']);

/** What a failed exchange means, told from the code of Node's error. The foreign error itself is not kept. */
export function transportError(code: string, origin: string, request: VaultErrorRequest): VaultError {
  if (code === 'UND_ERR_INVALID_ARG') {
    return new VaultRequestError(`${request.method} ${request.path} cannot be sent: a header of it is not valid.`, {
      request,
      sent: false,
      remedy: 'Check the token, the namespace and the wrap TTL: HTTP allows no line breaks in them and no characters beyond Latin-1.',
    });
  }
  return new VaultUnreachableError(`Vault at ${origin} cannot be reached (${code}).`, {
    request,
    ...(unsentCodes.has(code) ? { sent: false } : {}),
    remedy: 'Check VAULT_ADDR (option `address`), the network between, and that the server runs.',
  });
}

/** The code of Node's or undici's error; its name where it has none. Of what is no error, only its type: anything can be thrown. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code, name }: NodeJS.ErrnoException = error;
  return typeof code === 'string' ? code : name;
}
