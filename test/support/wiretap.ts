import { readFileSync } from 'node:fs';
import { createServer, Agent, request as httpsRequest, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SecretLedger } from './secret-ledger.js';

/** One call that went over the wire, and how the server answered. */
export interface TappedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/**
 * Stands between an application and OpenBao, with the server's own certificate. The wiretap notes which calls are made, and every secret that
 * is sent or issued.
 */
export class Wiretap {
  readonly calls: TappedCall[] = [];
  /** Tokens issued by log-ins, the latest last. */
  readonly tokens: string[] = [];
  readonly #server: Server;
  readonly #upstream: { readonly address: string; readonly agent: Agent };
  readonly #ledger: SecretLedger;
  readonly #passwords = new Map<string, Set<string>>();

  private constructor(server: Server, upstream: { readonly address: string; readonly agent: Agent }, ledger: SecretLedger) {
    this.#server = server;
    this.#upstream = upstream;
    this.#ledger = ledger;
  }

  /** @param caFile of a dev-mode OpenBao: certificate and key lie next to it */
  static async start(upstream: string, caFile: string, ledger: SecretLedger): Promise<Wiretap> {
    const folder = dirname(caFile);
    const server = createServer({ cert: readFileSync(join(folder, 'vault-cert.pem')), key: readFileSync(join(folder, 'vault-key.pem')) });
    const agent = new Agent({ keepAlive: true, ca: readFileSync(caFile) });
    const tap = new Wiretap(server, { address: upstream, agent }, ledger);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void tap.#forward(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return tap;
  }

  get address(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often a call of that method and path was answered with a success. */
  count(method: string, path: string): number {
    return this.calls.filter((call) => call.method === method && call.path === path && call.status < 300).length;
  }

  /** How many different passwords a path has answered with. */
  passwords(path: string): number {
    return this.#passwords.get(path)?.size ?? 0;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    this.#upstream.agent.destroy();
    await closed;
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      this.#read(request, body);
      const { host: _host, ...headers } = request.headers;
      const { method = 'GET', url = '/' } = request;
      const outgoing = httpsRequest(new URL(url, this.#upstream.address), { method, headers, agent: this.#upstream.agent });
      outgoing.end(body);
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      const answer = await bodyOf(incoming);
      const status = incoming.statusCode ?? 0;
      const path = new URL(url, this.address).pathname.replace('/v1/', '');
      this.calls.push({ method, path, status });
      this.#readAnswer(path, answer);
      response.writeHead(status, incoming.headers).end(answer);
    } catch {
      response.destroy();
    }
  }

  #read(request: IncomingMessage, body: Buffer): void {
    const token = request.headers['x-vault-token'];
    if (typeof token === 'string') this.#ledger.add(token);
    this.#ledger.addFrom(body.toString('utf8'));
  }

  #readAnswer(path: string, body: Buffer): void {
    for (const [field, secret] of this.#ledger.addFrom(body.toString('utf8'))) {
      if (field === 'client_token') this.tokens.push(secret);
      if (field === 'password') this.#passwords.set(path, (this.#passwords.get(path) ?? new Set()).add(secret));
    }
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
