import { Pool, type Dispatcher } from 'undici';
import { VaultAbortedError } from '../errors/vault-aborted.error.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { VaultResponseInvalidError } from '../errors/vault-response-invalid.error.js';
import { VaultResponseTooLargeError } from '../errors/vault-response-too-large.error.js';
import { VaultTimeoutError } from '../errors/vault-timeout.error.js';
import type { VaultError, VaultErrorRequest } from '../errors/vault-error.js';
import { isVaultError } from '../errors/is-vault-error.js';
import type { HttpExchange, HttpExchangeRequest, HttpExchangeResponse } from './http-exchange.js';
import type { HttpOptions, TlsMaterial } from './http-options.js';
import { transportError } from './transport-error.js';

const longestHeadersBytes = 32_768;

/** HTTP over undici to one origin: keep-alive, a total deadline, a size limit, no redirects. */
export class UndiciExchange implements HttpExchange {
  readonly #origin: string;
  readonly #pool: Pool;
  readonly #limits: HttpOptions;

  /** @param address scheme, host and port of Vault, such as `https://vault.example.com:8200` */
  constructor(address: string, limits: HttpOptions, tls: TlsMaterial = {}) {
    this.#origin = new URL(address).origin;
    this.#limits = limits;
    try {
      this.#pool = new Pool(this.#origin, {
        connections: limits.maxConnections,
        maxHeaderSize: longestHeadersBytes,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: { timeout: limits.connectTimeoutMs, ...tlsOptions(tls) },
      });
    } catch (error) {
      throw new VaultConfigurationError(`The TLS options cannot be used (${errorCode(error)}).`, {
        remedy: 'Check that VAULT_CACERT (option `tls`) names PEM certificates and that the key fits the certificate.',
      });
    }
  }

  async send(request: HttpExchangeRequest): Promise<HttpExchangeResponse> {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), request.timeoutMs);
    deadline.unref();
    const onAbort = (): void => stop.abort();
    request.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (request.signal?.aborted === true) stop.abort();
      return await this.#exchange(request, stop.signal);
    } catch (error) {
      throw this.#failure(error, request, stop.signal.aborted);
    } finally {
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #exchange(request: HttpExchangeRequest, signal: AbortSignal): Promise<HttpExchangeResponse> {
    const answer = await this.#pool.request({
      method: request.method,
      path: request.url.slice(this.#origin.length),
      headers: request.headers,
      body: request.body ?? null,
      signal,
    });
    return { status: answer.statusCode, headers: answer.headers, body: await this.#read(answer, safeFacts(request)) };
  }

  async #read(answer: Dispatcher.ResponseData, request: VaultErrorRequest): Promise<string> {
    const limit = this.#limits.maxResponseBytes;
    const tooLarge = (): VaultResponseTooLargeError => {
      answer.body.on('error', () => undefined).destroy();
      return new VaultResponseTooLargeError(`The answer is larger than ${limit} bytes.`, {
        request,
        remedy: 'Raise `http.maxResponseBytes` if an answer of that size is expected.',
      });
    };
    if (Number(answer.headers['content-length'] ?? 0) > limit) throw tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size).toString('utf8');
  }

  #failure(error: unknown, request: HttpExchangeRequest, stopped: boolean): VaultError {
    const facts = safeFacts(request);
    if (isVaultError(error)) return error;
    if (request.signal?.aborted === true)
      return new VaultAbortedError(`The caller aborted ${facts.method} ${facts.path}.`, { request: facts });
    const code = errorCode(error);
    if (stopped || code === 'UND_ERR_CONNECT_TIMEOUT') {
      const limitMs = stopped ? request.timeoutMs : this.#limits.connectTimeoutMs;
      return new VaultTimeoutError(`Vault at ${this.#origin} ${stopped ? 'did not answer' : 'took no connection'} within ${limitMs} ms.`, {
        request: facts,
        remedy: 'Check VAULT_ADDR and the load of the server, or raise `http.timeoutMs` (VAULT_CLIENT_TIMEOUT).',
      });
    }
    if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
      return new VaultResponseInvalidError(`The answer of ${this.#origin} is not valid HTTP (${code}).`, {
        request: facts,
        remedy: 'Check that VAULT_ADDR points at Vault and that it says https:// if the server speaks TLS.',
      });
    }
    return transportError(code, this.#origin, facts);
  }
}

function tlsOptions(tls: TlsMaterial): Record<string, unknown> {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...(tls.skipVerify === true ? { rejectUnauthorized: false } : {}),
  };
}

function safeFacts(request: HttpExchangeRequest): VaultErrorRequest {
  return { method: request.method, path: new URL(request.url).pathname.replace('/v1/', '') };
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // Happy-eyeballs failures arrive as an AggregateError that holds one error for each address.
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  return error instanceof Error ? error.name : 'unknown';
}
