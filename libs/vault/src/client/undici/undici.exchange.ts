import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { VaultResponseInvalidError } from '../../errors/vault-response-invalid.error.js';
import { VaultResponseTooLargeError } from '../../errors/vault-response-too-large.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import type { VaultError, VaultErrorRequest } from '../../errors/vault-error.js';
import { AnswerCollector, type StopReason } from './answer-collector.js';
import { TlsHandshakeFailure } from '../connection/tls-handshake.failure.js';
import { createDispatcher } from './dispatcher.factory.js';
import type { HttpExchange, HttpExchangeRequest, HttpExchangeResponse } from '../http/http-exchange.js';
import type { HttpOptions, TlsMaterial } from '../http/http-options.js';
import type { ReusingPool } from './reusing-pool.js';
import { ProxyTunnelFailure } from '../proxy/proxy-tunnel.failure.js';
import { errorCodeOf, transportError } from '../http/transport-error.js';
import { tlsError } from '../connection/tls-error.js';
import { tunnelError } from '../proxy/tunnel-error.js';

/** A longer `setTimeout` fires at once. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * HTTP over undici to one origin: keep-alive, a total deadline, a size limit. It follows no redirect itself.
 *
 * Decides: when an exchange ends, and which error tells why it ended without an answer. Does not decide: what a status means (`answer/`),
 * which redirect is followed (`transport/`), whether a call is repeated (`interceptors/`).
 */
export class UndiciExchange implements HttpExchange {
  readonly #origin: string;
  readonly #pool: ReusingPool;
  readonly #limits: HttpOptions;

  /**
   * @param address scheme, host and port of Vault, such as `https://vault.example.com:8200`
   * @throws VaultConfigurationError if the TLS material cannot be used
   */
  constructor(address: string, limits: HttpOptions, tls: TlsMaterial = {}) {
    this.#origin = new URL(address).origin;
    this.#limits = limits;
    this.#pool = createDispatcher(this.#origin, limits, tls);
  }

  send(request: HttpExchangeRequest): Promise<HttpExchangeResponse> {
    const { signal } = request;
    if (signal?.aborted === true) return Promise.reject(this.#stopError('aborted', request));
    if (request.timeoutMs <= 0)
      return Promise.reject(this.#timeout('was not asked: the deadline of the call has passed', safeFacts(request), false));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => collector.stop('aborted');
      const settled = (): void => {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', onAbort);
      };
      const collector = new AnswerCollector(this.#limits.maxResponseBytes, {
        resolve: (answer) => {
          settled();
          this.#pool.answered();
          resolve(answer);
        },
        reject: (failure) => {
          settled();
          this.#pool.failed(collector);
          reject('stop' in failure ? this.#stopError(failure.stop, request) : this.#wireError(failure.error, request));
        },
      });
      const deadline = setTimeout(() => collector.stop('deadline'), Math.min(request.timeoutMs, longestTimeoutMs));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#dispatch(request, collector);
    });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #dispatch(request: HttpExchangeRequest, collector: AnswerCollector): void {
    const { method, url, headers, body = null } = request;
    const path = url.slice(this.#origin.length);
    this.#pool.dispatch({ origin: this.#origin, path, method, headers, body }, collector);
  }

  #stopError(stop: StopReason, request: HttpExchangeRequest): VaultError {
    const facts = safeFacts(request);
    switch (stop) {
      case 'aborted':
        return new VaultAbortedError(`The caller aborted ${facts.method} ${facts.path}.`, { request: facts });
      case 'deadline':
        return this.#timeout(`did not answer within ${Math.round(request.timeoutMs)} ms`, facts);
      case 'too-large':
        return new VaultResponseTooLargeError(`The answer is larger than ${this.#limits.maxResponseBytes} bytes.`, {
          request: facts,
          remedy: 'Raise `http.maxResponseBytes` if an answer of that size is expected.',
        });
      case 'encoded':
        return this.#notVault('is compressed, which was not asked for', facts);
    }
  }

  #wireError(error: unknown, request: HttpExchangeRequest): VaultError {
    const facts = safeFacts(request);
    const { proxy = '', connectTimeoutMs } = this.#limits;
    if (error instanceof ProxyTunnelFailure) return tunnelError(error, { origin: this.#origin, proxy, connectTimeoutMs, request: facts });
    if (error instanceof TlsHandshakeFailure) return tlsError(error.reason, this.#origin, facts);
    const code = errorCodeOf(error);
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return this.#timeout(`took no connection within ${connectTimeoutMs} ms`, facts, false);
    if (
      code.startsWith('HPE_') ||
      code === 'HTTPParserError' ||
      code === 'UND_ERR_HEADERS_OVERFLOW' ||
      code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
    )
      return this.#notVault(`is not valid HTTP (${code})`, facts);
    return transportError(code, this.#origin, facts);
  }

  #timeout(what: string, request: VaultErrorRequest, sent?: false): VaultTimeoutError {
    return new VaultTimeoutError(`Vault at ${this.#origin} ${what}.`, {
      request,
      remedy: 'Check VAULT_ADDR and the load of the server, or raise `http.timeoutMs` (VAULT_CLIENT_TIMEOUT).',
      ...(sent === undefined ? {} : { sent }),
    });
  }

  #notVault(what: string, request: VaultErrorRequest): VaultResponseInvalidError {
    return new VaultResponseInvalidError(`The answer of ${this.#origin} ${what}.`, {
      request,
      remedy: 'Check that VAULT_ADDR points at Vault itself and that it says https:// if the server speaks TLS.',
    });
  }
}

function safeFacts(request: HttpExchangeRequest): VaultErrorRequest {
  return { method: request.method, path: new URL(request.url).pathname.replace('/v1/', '') };
}
