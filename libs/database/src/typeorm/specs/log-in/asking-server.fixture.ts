import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** An authentication request of the protocol (PostgreSQL, 54.7 "Message Formats", `Authentication...`). */
export function authentication(code: number, data: Buffer = Buffer.alloc(0)): Buffer {
  return message('R', Buffer.concat([int32(code), data]));
}

export const requests = {
  ok: authentication(0),
  password: authentication(3),
  md5: authentication(5, Buffer.from('salt')),
  sasl: authentication(10, Buffer.from('SCRAM-SHA-256\0\0')),
  refusal: message('E', Buffer.from('SFATAL\0VFATAL\0C28P01\0Mrefused\0\0')),
  ready: message('Z', Buffer.from('I')),
} as const;

export interface AskingServerOptions {
  /** What it says to the start-up message. */
  readonly answer: Buffer;
  /** What it says to each message after that. */
  readonly reply?: (sent: Buffer) => Buffer | undefined;
  /** A real server to whose port it passes connections on while `isHonest`. */
  readonly before?: number;
}

/** Plays a server, or who sits before one. */
export class AskingServer implements AsyncDisposable {
  isHonest: boolean;
  /** Everything that clients sent after their start-up message when it was not honest. */
  readonly received: Buffer[] = [];
  /** Connections for which it was not honest. */
  connections = 0;
  readonly #options: AskingServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: AskingServerOptions) {
    this.#options = options;
    this.isHonest = options.before !== undefined;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      if (this.isHonest) this.#passOn(socket);
      else this.#ask(socket);
    });
  }

  static async start(options: AskingServerOptions): Promise<AskingServer> {
    const server = new AskingServer(options);
    await once(server.#server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when every client has closed its connection. */
  async abandoned(): Promise<void> {
    await Promise.all(Array.from(this.#sockets, (socket) => once(socket, 'close')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #ask(socket: Socket): void {
    this.connections += 1;
    socket.once('data', () => {
      socket.write(this.#options.answer);
      socket.on('data', (sent) => {
        this.received.push(sent);
        const next = this.#options.reply?.(sent);
        if (next !== undefined) socket.write(next);
      });
    });
  }

  #passOn(socket: Socket): void {
    const server = connect({ port: this.#options.before!, host: '127.0.0.1' });
    server.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => server.destroy());
    socket.pipe(server).pipe(socket);
  }
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
