import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** With its query, as it came over the wire. */
  readonly target: string;
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
}

/** Bytes of an HTTP answer with a right content-length. */
export function httpAnswer(status: number, body: string | object, headers: readonly string[] = []): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return [`HTTP/1.1 ${status} X`, `Content-Length: ${Buffer.byteLength(text)}`, ...headers, '', text].join('\r\n');
}

/** An answer of Vault in its envelope. */
export function envelope(data: unknown, fields: object = {}): object {
  return {
    request_id: 'r-1',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...fields,
  };
}

/** A server that answers with the very bytes that it is told to, on a free port of this machine. */
export class RawServer {
  readonly requests: RawRequest[] = [];
  /** Gives the bytes to answer with, or writes to the socket itself and gives nothing. */
  reply: (request: RawRequest, count: number) => string | Buffer | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(reply: RawServer['reply'] = () => httpAnswer(200, envelope({}))) {
    this.reply = reply;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = '';
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (;;) {
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = received.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (received.length < end + 4 + length) return;
        const body = received.slice(end + 4, end + 4 + length);
        received = received.slice(end + 4 + length);
        const [method = '', target = ''] = head.split(' ');
        const request = { method, target, head, body, socket };
        this.requests.push(request);
        const bytes = this.reply(request, this.requests.length);
        if (bytes !== undefined) socket.write(bytes);
      }
    });
  }
}
