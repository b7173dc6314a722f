import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server that sends back what it gets. */
export class EchoServer {
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.sockets.delete(socket));
      socket.pipe(socket);
    });
  }

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}

/** A client that remembers what it received and how it ended. */
export class EchoClient {
  received = '';
  readonly socket: Socket;
  /** The code of the error that ended the connection, or `closed`. */
  readonly ended: Promise<string>;

  private constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('data', (data) => (this.received += data.toString()));
    this.ended = new Promise((resolve) => {
      this.socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      this.socket.once('close', () => resolve('closed'));
    });
  }

  static async connect(port: number): Promise<EchoClient> {
    const client = new EchoClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  send(text: string): void {
    this.socket.write(text);
  }

  async receive(text: string): Promise<void> {
    while (!this.received.includes(text)) await once(this.socket, 'data');
  }

  /** Sends and waits for the echo. */
  async exchange(text: string): Promise<void> {
    this.send(text);
    await this.receive(text);
  }
}
