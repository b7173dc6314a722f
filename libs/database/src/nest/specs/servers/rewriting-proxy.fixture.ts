import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Record<string, unknown>;

/** Stands before the real server and changes what it answers, as a server of another version or with a wrong clock would. */
export class RewritingProxy implements AsyncDisposable {
  readonly address: string;
  readonly #server: Server;

  /** Fails each call to a path that matches, before the real server has seen it. */
  static failing(target: string, path: RegExp): Promise<RewritingProxy> {
    return RewritingProxy.start(target, (_path, body) => body, path);
  }

  /** @param rewrite gets each answer with a body, and returns what the client sees */
  static async start(target: string, rewrite: (path: string, body: Body) => Body, failing?: RegExp): Promise<RewritingProxy> {
    const server = createServer((request, response) => {
      if (failing?.test(request.url ?? '')) {
        response.writeHead(500, { 'content-type': 'application/json' }).end('{"errors":["failed by the spec"]}');
        return;
      }
      void forward(target, request).then(async (answer) => {
        const text = await answer.text();
        const seen = text === '' ? text : JSON.stringify(rewrite(request.url ?? '', JSON.parse(text) as Body));
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(seen);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RewritingProxy(server);
  }

  constructor(server: Server) {
    this.#server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

async function forward(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const token = request.headers['x-vault-token'];
  return fetch(`${target}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers: typeof token === 'string' ? { 'x-vault-token': token } : {},
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
}
