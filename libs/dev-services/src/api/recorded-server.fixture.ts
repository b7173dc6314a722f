import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenBaoApi } from './open-bao-api.js';

export interface RecordedRequest {
  /** Such as `GET sys/mounts`. */
  readonly call: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined when nothing was sent. */
  readonly body: unknown;
}

/** Status and body of an answer. `undefined` leaves the request without one. */
export type Reply = (request: RecordedRequest) => readonly [status: number, body: unknown] | undefined;

/** An HTTP server that remembers what it was asked. Text is sent as it is, anything else as JSON. */
export class RecordedServer implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;

  private constructor(reply: Reply) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        const sent = Buffer.concat(chunks).toString('utf8');
        const call = `${request.method} ${request.url?.replace('/v1/', '')}`;
        const recorded = { call, headers: request.headers, body: sent === '' ? undefined : (JSON.parse(sent) as unknown) };
        this.requests.push(recorded);
        answer(response, reply(recorded));
      });
    });
  }

  static async start(reply: Reply): Promise<RecordedServer> {
    const recorded = new RecordedServer(reply);
    recorded.#server.listen(0, '127.0.0.1');
    await once(recorded.#server, 'listening');
    return recorded;
  }

  /** The administrator's calls to it. */
  api(timeoutMs = 30_000): OpenBaoApi {
    const { port } = this.#server.address() as AddressInfo;
    return new OpenBaoApi({ address: `http://127.0.0.1:${port}`, token: 'root-of-all', timeoutMs });
  }

  /** The calls in their order. */
  get calls(): readonly string[] {
    return this.requests.map(({ call }) => call);
  }

  /** What was sent with that call. */
  bodyOf(call: string): unknown {
    return this.requests.find((request) => request.call === call)?.body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function answer(response: ServerResponse, given: ReturnType<Reply>): void {
  if (given === undefined) return;
  const [status, body] = given;
  response.writeHead(status);
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
