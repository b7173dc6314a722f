import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A client that is in the middle of something sends its next request well within this; who does not is idle. */
const idleGraceMs = 250;
/** Under the 30 s that Kubernetes leaves between SIGTERM and SIGKILL, with room for revoking leases afterwards. */
const deadlineMs = 20_000;

/**
 * Lets HTTP run dry at shutdown before anything else of the application closes: no new connections, requests that have arrived are
 * answered, and each answer tells its client not to send another one on that connection. It belongs to the root module, whose
 * hooks Nest calls first.
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
