import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A busy client sends its next request well within this time. A client that sends none is idle. */
const idleGraceMs = 250;
/** Under the 30 s that Kubernetes leaves between SIGTERM and SIGKILL, with room for revoking leases afterwards. */
const deadlineMs = 20_000;

/**
 * Drains HTTP at shutdown, before anything else of the application closes. The server takes no new connection and answers the requests that
 * have arrived. Each answer tells its client to send no further request on that connection. The provider belongs to the root module,
 * because Nest calls the hooks of the root module first.
 */
@Injectable()
export class ConnectionDrain implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Http');
  readonly #adapterHost: HttpAdapterHost;
  readonly #inFlight = new Set<ServerResponse>();
  #draining = false;

  constructor(adapterHost: HttpAdapterHost) {
    this.#adapterHost = adapterHost;
  }

  onApplicationBootstrap(): void {
    this.#server()?.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      if (this.#draining) response.shouldKeepAlive = false;
      this.#inFlight.add(response);
      response.once('close', () => this.#inFlight.delete(response));
    });
  }

  async onModuleDestroy(): Promise<void> {
    const server = this.#server();
    if (server === undefined || !server.listening) return;
    this.#logger.log(`Shutting down; ${this.#inFlight.size} requests in flight.`);
    this.#draining = true;
    for (const response of this.#inFlight) response.shouldKeepAlive = false;
    const closed = once(server, 'close');
    // The http server's own close() also cuts connections that look idle while their next request is on the wire.
    NetServer.prototype.close.call(server);
    const patience = new AbortController();
    void this.#closeIdleConnections(server, patience.signal);
    void this.#giveUp(server, patience.signal);
    await closed;
    patience.abort();
    this.#logger.log('All requests are answered and all connections closed.');
  }

  async #closeIdleConnections(server: HttpServer, signal: AbortSignal): Promise<void> {
    await sleep(idleGraceMs, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted) {
      server.closeIdleConnections();
      await sleep(idleGraceMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #giveUp(server: HttpServer, signal: AbortSignal): Promise<void> {
    await sleep(deadlineMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    this.#logger.warn(`${this.#inFlight.size} requests did not finish within ${deadlineMs / 1_000} s and are cut off.`);
    server.closeAllConnections();
  }

  #server(): HttpServer | undefined {
    const server: unknown = this.#adapterHost.httpAdapter.getHttpServer();
    return server instanceof HttpServer ? server : undefined;
  }
}
