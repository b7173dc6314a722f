import { createServer, type Server, type Socket } from 'node:net';
import { PortInUseError } from '../errors/port-in-use.error.js';
import { ServicesStoppedError } from '../errors/services-stopped.error.js';
import type { FaultCounters } from './fault-counters.js';
import type { Fault } from './fault.js';
import { ProxiedConnection, type ConnectionReport } from './proxied-connection.js';

const HOST = '127.0.0.1';

/** Where a proxy listens and where it sends its connections. */
export interface FaultProxyOptions {
  readonly targetPort: number;
  /** Default 127.0.0.1. */
  readonly targetHost?: string;
  /** Port of 127.0.0.1 to listen on; default a free one. */
  readonly port?: number;
}

/** A TCP proxy between a client and a server that breaks the wire on demand; one fault at a time, in force until the next or `heal()`. */
export class FaultProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #connections = new Set<ProxiedConnection>();
  readonly #counters = { accepted: 0, reset: 0, toServer: 0, toClient: 0, lost: 0 };
  #server: Server | undefined;
  #port = 0;
  #fault: Fault = { kind: 'none' };
  #stopped = false;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  /** @throws PortInUseError when the given port is taken. */
  static async start({ targetPort, targetHost = HOST, port = 0 }: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy({ host: targetHost, port: targetPort });
    await proxy.#listen(port);
    return proxy;
  }

  get host(): string {
    return HOST;
  }

  /** The same for the life of the proxy. */
  get port(): number {
    return this.#port;
  }

  get fault(): Fault {
    return this.#fault;
  }

  get counters(): FaultCounters {
    const { accepted, reset, toServer, toClient, lost } = this.#counters;
    return { accepted, open: this.#connections.size, reset, bytesToServer: toServer, bytesToClient: toClient, bytesLost: lost };
  }

  /** Refuses new connections from the moment the promise resolves; open ones go on. */
  async refuse(): Promise<void> {
    await this.#apply({ kind: 'refuse' });
  }

  /** Resets the open connections and every new one. */
  async reset(): Promise<void> {
    await this.#apply({ kind: 'reset' });
  }

  /** Resets the open connections once; new ones pass. */
  async resetOpen(): Promise<void> {
    for (const connection of this.#connections) connection.reset();
  }

  /** Accepts connections and moves nothing; what was sent arrives after the healing. */
  async hang(): Promise<void> {
    await this.#apply({ kind: 'hang' });
  }

  /** Hands every piece of data on `delayMs` later, in each direction. */
  async delay(delayMs: number): Promise<void> {
    await this.#apply({ kind: 'delay', delayMs });
  }

  /** Resets each connection in the answer of the server that goes beyond `afterBytes`, counted from now. */
  async cut(afterBytes: number): Promise<void> {
    await this.#apply({ kind: 'cut', afterBytes });
  }

  /** Loses what is sent in both directions; the connections it was lost on are reset at the healing. */
  async partition(): Promise<void> {
    await this.#apply({ kind: 'partition' });
  }

  /** Ends the fault. @throws PortInUseError when another program took the port during `refuse()`. */
  async heal(): Promise<void> {
    await this.#apply({ kind: 'none' });
  }

  /** Closes every connection and the port. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const connection of this.#connections) connection.close();
    await this.#unlisten();
  }

  async #apply(fault: Fault): Promise<void> {
    if (this.#stopped) throw new ServicesStoppedError('change the fault of a proxy');
    this.#fault = fault;
    for (const connection of this.#connections) connection.apply(fault);
    if (fault.kind === 'refuse') await this.#unlisten();
    else if (!this.#server) await this.#listen(this.#port);
  }

  #listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        this.#server = undefined;
        reject(cause.code === 'EADDRINUSE' ? new PortInUseError('The fault proxy', port, { cause }) : cause);
      });
      server.listen(port, HOST, () => {
        const address = server.address();
        if (typeof address === 'object' && address) this.#port = address.port;
        resolve();
      });
    });
  }

  /** Node closes the port at once; only its callback would wait for the open connections. */
  async #unlisten(): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
  }

  #accept(client: Socket): void {
    this.#counters.accepted += 1;
    if (this.#fault.kind === 'reset') {
      this.#counters.reset += 1;
      client.resetAndDestroy();
      return;
    }
    const report: ConnectionReport = {
      passed: (direction, bytes) => (this.#counters[direction] += bytes),
      lost: (bytes) => (this.#counters.lost += bytes),
      reset: () => (this.#counters.reset += 1),
      closed: () => this.#connections.delete(connection),
    };
    const connection = new ProxiedConnection(client, { ...this.#target, report }, this.#fault);
    this.#connections.add(connection);
  }
}
