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
import { hookedRequest, type CarriedCall, type HookedRequest } from './node-vault.hook.js';
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

/**
 * The end of the interceptor chain: node-vault's raw `request` with our HTTP exchange plugged in where axios was, because
 * axios as node-vault calls it has no abort, no size limit and follows redirects with the token. ADR 0002 tells more.
 *
 * Decides: headers, deadline, which redirects are followed, and whether an answer is a failure. Does not decide: which token is sent
 * (`auth`), whether a call is repeated (`retry`), what the words of an answer mean (`answer/`), how bytes travel (`undici/`).
 */
export class NodeVaultTransport {
  readonly #options: NodeVaultTransportOptions;
  readonly #request: HookedRequest;

  constructor(options: NodeVaultTransportOptions) {
    this.#options = options;
    this.#request = hookedRequest(options.address, (call) => this.#exchange(call));
  }

  /** @throws VaultError, and nothing else */
  async send(request: VaultRequest): Promise<VaultResponse> {
    const call = this.#callOf(request);
    let answer: HttpExchangeResponse;
    try {
      call.path = `/${request.path}${queryOf(request)}`;
      answer = await this.#request(call);
      if (isRedirect(answer.status)) answer = await this.#followed(answer, call);
    } catch (error) {
      throw this.#failure(error, request);
    }
    return this.#read(answer, call);
  }

  #read(answer: HttpExchangeResponse, { carried: request, sentAtMs }: CarriedCall): VaultResponse {
    const receivedAtMs = this.#options.clock.nowMs();
    request.onAnswer?.(answer);
    const facts = this.#facts(request);
    const { status, body } = answer;
    if (!isSuccess(status) && request.acceptStatus?.includes(status) !== true) {
      throw answerError(answer, facts, (text) => hideEchoes(text, request));
    }
    if (request.onAnswer !== undefined && request.wrapTtl === undefined && isText(answer)) return textAnswer(answer, receivedAtMs);
    const tokenEpoch = typeof request.token === 'object' ? request.token.epoch : 0;
    const { numbers } = this.#options;
    return parseAnswer({ status, body, receivedAtMs, sentAtMs, tokenEpoch, numbers }, facts, request);
  }

  #callOf(request: VaultRequest): CarriedCall {
    const { clock, timeoutMs } = this.#options;
    return {
      method: request.method === 'LIST' ? 'GET' : request.method,
      path: '',
      headers: this.#headers(request),
      carried: request,
      deadlineMs: request.deadlineMs ?? callDeadlineMs(request, clock.nowMs(), timeoutMs),
      sentAtMs: 0,
    };
  }

  /** The answer after the redirects that are followed. */
  async #followed(redirect: HttpExchangeResponse, call: CarriedCall): Promise<HttpExchangeResponse> {
    let answer = redirect;
    for (let hop = 0; hop < longestRedirectChain && isRedirect(answer.status); hop += 1) {
      const path = sameHostRedirect(answer, this.#options.address, call.method);
      if (path === undefined) break;
      call.path = path;
      answer = await this.#request(call);
    }
    return answer;
  }

  /** The exchange only knows the encoded path; the template keeps what the path names out of the message. */
  #failure(error: unknown, request: VaultRequest): Error {
    const facts = this.#facts(request);
    return isVaultError(error) ? Object.assign(error, { request: facts }) : unsendableBody(facts);
  }

  #exchange(call: CarriedCall): Promise<HttpExchangeResponse> {
    const { uri = '', method, headers, carried, deadlineMs } = call;
    const { body, signal } = carried;
    const { exchange, clock } = this.#options;
    const text = body === undefined ? undefined : bodyText(body, this.#facts(carried));
    call.sentAtMs = clock.nowMs();
    return exchange.send({ url: uri, method, headers, body: text, timeoutMs: deadlineMs - call.sentAtMs, signal });
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
    const { method } = request;
    const path = shownPath(request);
    const namespace = request.namespace ?? this.#options.namespace;
    return namespace === undefined || namespace === '' ? { method, path } : { method, path, namespace };
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
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
