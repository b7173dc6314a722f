import nodeVault from 'node-vault';
import { isVaultError } from '../../errors/is-vault-error.js';
import type { VaultErrorRequest } from '../../errors/vault-error.js';
import type { Clock } from '../../support/time/clock.js';
import { answerError } from '../answer/answer-error.js';
import { bodyText } from '../request/body-text.js';
import { callDeadlineMs } from '../request/call-deadline.js';
import { checkedHeaders } from '../request/checked-headers.js';
import { hideEchoes } from '../echoes/hide-echoes.js';
import type { HttpExchange, HttpExchangeResponse } from '../http/http-exchange.js';
import { parseAnswer } from '../answer/response-parser.js';
import { longestRedirectChain, sameHostRedirect } from './same-host-redirect.js';
import { shownPath } from '../request/shown-path.js';
import { isText, textAnswer } from '../answer/text-answer.js';
import { unsendableBody } from '../request/unsendable-body.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { VaultResponse } from '../answer/vault-response.js';

export interface NodeVaultTransportOptions {
  /** Scheme, host and port of Vault. */
  readonly address: string;
  readonly namespace?: string | undefined;
  readonly timeoutMs: number;
  readonly exchange: HttpExchange;
  readonly clock: Clock;
  /** What becomes of numbers that JavaScript would round. Default: `refuse`. */
  readonly numbers?: 'refuse' | 'exact' | undefined;
}

/** What travels through node-vault's `request` to our exchange; node-vault adds `uri`. */
interface CarriedOptions {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly carried: VaultRequest;
  readonly deadlineMs: number;
  readonly uri?: string;
}

interface TimedAnswer {
  readonly answer: HttpExchangeResponse;
  /** When the request that got this answer left, after the redirects before it. */
  readonly sentAtMs: number;
}

type RawRequest = (options: CarriedOptions) => Promise<HttpExchangeResponse>;

/**
 * The end of the interceptor chain: node-vault's raw `request` with our HTTP exchange plugged in where axios was, because
 * axios as node-vault calls it has no abort, no size limit and follows redirects with the token. ADR 0002 tells more.
 */
export class NodeVaultTransport {
  readonly #options: NodeVaultTransportOptions;
  readonly #request: RawRequest;

  constructor(options: NodeVaultTransportOptions) {
    this.#options = options;
    this.#request = rawRequestOf(options.address, (carried) => this.#exchange(carried));
  }

  /** @throws VaultError, and nothing else */
  async send(request: VaultRequest): Promise<VaultResponse> {
    const facts = this.#facts(request);
    const headers = this.#headers(request);
    const { answer, sentAtMs } = await this.#answer(request, headers, facts);
    const receivedAtMs = this.#options.clock.nowMs();
    request.onAnswer?.(answer);
    if (!isSuccess(answer.status) && request.acceptStatus?.includes(answer.status) !== true) {
      throw answerError(answer, facts, (text) => hideEchoes(text, request));
    }
    if (request.onAnswer !== undefined && request.wrapTtl === undefined && isText(answer)) return textAnswer(answer, receivedAtMs);
    const tokenEpoch = typeof request.token === 'object' ? request.token.epoch : 0;
    const { numbers } = this.#options;
    return parseAnswer({ status: answer.status, body: answer.body, receivedAtMs, sentAtMs, tokenEpoch, numbers }, facts, request);
  }

  async #answer(request: VaultRequest, headers: Record<string, string>, facts: VaultErrorRequest): Promise<TimedAnswer> {
    const method = request.method === 'LIST' ? 'GET' : request.method;
    const deadlineMs = callDeadlineMs(request, this.#options.clock.nowMs(), this.#options.timeoutMs);
    let sentAtMs = 0;
    const ask = (path: string): Promise<HttpExchangeResponse> => {
      sentAtMs = this.#options.clock.nowMs();
      return this.#request({ method, path, headers, carried: request, deadlineMs });
    };
    try {
      let answer = await ask(`/${request.path}${queryOf(request)}`);
      for (let hop = 0; hop < longestRedirectChain && answer.status >= 300 && answer.status < 400; hop += 1) {
        const path = sameHostRedirect(answer, this.#options.address, method);
        if (path === undefined) break;
        answer = await ask(path);
      }
      return { answer, sentAtMs };
    } catch (error) {
      // The exchange only knows the encoded path; the template keeps what the path names out of the message.
      if (isVaultError(error)) throw Object.assign(error, { request: facts });
      throw unsendableBody(facts);
    }
  }

  #exchange({ uri = '', method, headers, carried, deadlineMs }: CarriedOptions): Promise<HttpExchangeResponse> {
    return this.#options.exchange.send({
      url: uri,
      method,
      headers,
      body: carried.body === undefined ? undefined : bodyText(carried.body, this.#facts(carried)),
      timeoutMs: deadlineMs - this.#options.clock.nowMs(),
      signal: carried.signal,
    });
  }

  #headers(request: VaultRequest): Record<string, string> {
    const headers: Record<string, string> = { 'X-Vault-Request': 'true' };
    if (request.headers !== undefined) Object.assign(headers, checkedHeaders(request.headers, this.#facts(request)));
    if (request.body !== undefined && !namesContentType(headers)) headers['Content-Type'] = contentType(request);
    const namespace = request.namespace ?? this.#options.namespace;
    if (namespace !== undefined && namespace !== '') headers['X-Vault-Namespace'] = namespace;
    if (request.wrapTtl !== undefined) headers['X-Vault-Wrap-TTL'] = request.wrapTtl;
    if (typeof request.token === 'object') headers['X-Vault-Token'] = request.token.value.reveal();
    return headers;
  }

  #facts(request: VaultRequest): VaultErrorRequest {
    const namespace = request.namespace ?? this.#options.namespace;
    return {
      method: request.method,
      path: shownPath(request),
      ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    };
  }
}

/** node-vault reads token and namespace from the environment and validates with tv4 on each call: all three are switched off. */
function rawRequestOf(address: string, send: (options: CarriedOptions) => Promise<HttpExchangeResponse>): RawRequest {
  const client = nodeVault({
    endpoint: address,
    pathPrefix: '/',
    debug: () => undefined,
    tv4: { validate: () => true },
    'request-promise': { defaults: () => send },
  } as unknown as nodeVault.VaultOptions);
  const raw = client as unknown as {
    token: undefined;
    namespace: undefined;
    pathPrefix: string;
    request: RawRequest;
    handleVaultResponse: (answer: HttpExchangeResponse) => HttpExchangeResponse;
  };
  raw.token = undefined;
  raw.namespace = undefined;
  raw.pathPrefix = '';
  raw.handleVaultResponse = (answer) => answer;
  return (options) => raw.request(options);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A second one in another case would go out beside it. */
function namesContentType(headers: object): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}

function contentType(request: VaultRequest): string {
  return request.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

function queryOf(request: VaultRequest): string {
  if (request.query === undefined && request.method !== 'LIST') return '';
  const entries = Object.entries(request.query ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((each): [string, string] => [key, String(each)]),
  );
  if (request.method === 'LIST') entries.push(['list', 'true']);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}
