import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before the real server and lets single connections fall silent, open on both sides, while all others work. */
export class SilentProxy implements AsyncDisposable {
  /** Connections so far; the last one has this number. */
  accepted = 0;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #open = new Map<number, { readonly client: Socket; readonly server: Socket }>();
  readonly #silent = new Set<number>();

  static async start(targetPort: number): Promise<SilentProxy> {
    const proxy = new SilentProxy(targetPort);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing arrives over the connection of that number, open already or not yet; what was sent arrives after `restore()`. */
  silence(connection: number): void {
    this.#silent.add(connection);
    const pair = this.#open.get(connection);
    pair?.client.unpipe();
    pair?.server.unpipe();
  }

  restore(connection: number): void {
    this.#silent.delete(connection);
    const pair = this.#open.get(connection);
    pair?.client.pipe(pair.server).pipe(pair.client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const { client, server } of this.#open.values()) {
      client.destroy();
      server.destroy();
    }
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const number = this.accepted;
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    this.#open.set(number, { client, server });
    client.on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => this.#open.delete(number));
    if (!this.#silent.has(number)) this.restore(number);
  }
}
