import { errors, type Dispatcher } from 'undici';
import type { HttpExchangeResponse } from '../http/http-exchange.js';

/** Why the collector ended an answer itself. */
export type StopReason = 'deadline' | 'aborted' | 'too-large' | 'encoded';

export interface CollectorOutcome {
  readonly resolve: (answer: HttpExchangeResponse) => void;
  /** @param stop why we ended it, or the error of the connection */
  readonly reject: (failure: { readonly stop: StopReason } | { readonly error: unknown }) => void;
}

/**
 * Collects one answer from undici, at most `maxBytes` of it. Built on `dispatch` and not on `request`: no stream and no
 * AbortController is made for a call, which is half of its cost.
 */
export class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #outcome: CollectorOutcome;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped = false;
  #status = 0;
  #headers: HttpExchangeResponse['headers'] = {};
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #size = 0;

  constructor(maxBytes: number, outcome: CollectorOutcome) {
    this.#maxBytes = maxBytes;
    this.#outcome = outcome;
  }

  /** Ends the exchange now, also one that waits for a connection. */
  stop(reason: StopReason): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#outcome.reject({ stop: reason });
    this.#first = this.#more = undefined;
    this.#controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(new Error('stopped'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HttpExchangeResponse['headers']): void {
    // Informational answers (1xx) come before the answer itself.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const length = headers['content-length'];
    if (length !== undefined && Number(length) > this.#maxBytes) this.stop('too-large');
    // No encoding was asked for: what comes compressed all the same may be a bomb.
    else if (isEncoded(headers['content-encoding'])) {
      if (status < 300) this.stop('encoded');
      else this.#endWithoutBody();
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stopped) return;
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.stop('too-large');
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= []).push(chunk);
  }

  onResponseEnd(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#outcome.resolve({ status: this.#status, headers: this.#headers, body: this.#text() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#stopped) return;
    this.#stopped = true;
    // A length on an answer that has no body: undici waits for that body, and misses it.
    if (this.#status === 204 && error instanceof errors.ResponseContentLengthMismatchError)
      this.#outcome.resolve({ status: 204, headers: this.#headers, body: '' });
    else this.#outcome.reject({ error });
  }

  /** A failure is told by its status; what a balancer packed around it does not matter. */
  #endWithoutBody(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#outcome.resolve({ status: this.#status, headers: this.#headers, body: '' });
    this.#controller?.abort(new Error('encoded'));
  }

  #text(): string {
    if (this.#first === undefined) return '';
    return (this.#more === undefined ? this.#first : Buffer.concat([this.#first, ...this.#more], this.#size)).toString('utf8');
  }
}

function isEncoded(encoding: string | string[] | undefined): boolean {
  if (encoding === undefined) return false;
  return typeof encoding !== 'string' || (encoding !== '' && encoding.toLowerCase() !== 'identity');
}
