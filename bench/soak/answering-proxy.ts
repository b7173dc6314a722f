import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface FixedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Stands before OpenBao and passes everything on, or answers in its place. Counts what it was asked meanwhile. */
export class AnsweringProxy implements AsyncDisposable {
  readonly #server: Server;
  #answer: FixedAnswer | undefined;
  #asked = 0;

  private constructor(target: string) {
    this.#server = createServer((incoming, outgoing) => this.#serve(target, incoming, outgoing));
  }

  static async start(target: string): Promise<AnsweringProxy> {
    const proxy = new AnsweringProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on this is the answer to everything; undefined: OpenBao's own. @returns how often the last one was given */
  answerWith(answer: FixedAnswer | undefined): number {
    const asked = this.#asked;
    this.#asked = 0;
    this.#answer = answer;
    return asked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (this.#answer !== undefined) {
      this.#asked += 1;
      incoming.resume();
      outgoing.writeHead(this.#answer.status, { 'Content-Type': this.#answer.contentType }).end(this.#answer.body);
      return;
    }
    const { method, headers, url } = incoming;
    const onward = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
