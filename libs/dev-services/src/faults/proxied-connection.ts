import { connect, type Socket } from 'node:net';
import { ControlledPipe, type PipeSetting } from './controlled-pipe.js';
import type { Fault } from './fault.js';

/** The two ways through a connection. */
export type Direction = 'toServer' | 'toClient';

/** How a connection tells its proxy what happens on it. */
export interface ConnectionReport {
  passed(direction: Direction, bytes: number): void;
  lost(bytes: number): void;
  reset(): void;
  closed(): void;
}

/** Where connections go, and whom they report to. */
export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly report: ConnectionReport;
}

/** One client's connection through a proxy and what the present fault does to it. */
export class ProxiedConnection {
  readonly #sockets: readonly [client: Socket, server: Socket];
  readonly #pipes: readonly [toServer: ControlledPipe, toClient: ControlledPipe];
  readonly #report: ConnectionReport;
  #fault: Fault;
  #bytesLeft = Number.POSITIVE_INFINITY;
  #deadAfterHealing = false;
  #closed = false;

  /** The client's socket must be half-open capable: an end is handed on like any other data. */
  constructor(client: Socket, { host, port, report }: ConnectionTarget, fault: Fault) {
    const server = connect({ host, port, allowHalfOpen: true });
    const toServer = new ControlledPipe((bytes) => this.#mayPass('toServer', bytes));
    const toClient = new ControlledPipe((bytes) => this.#mayPass('toClient', bytes));
    this.#sockets = [client.setNoDelay(true), server.setNoDelay(true)];
    this.#pipes = [toServer, toClient];
    this.#report = report;
    this.#fault = fault;
    for (const stream of [client, server, toServer, toClient]) stream.on('error', () => this.#broken());
    for (const socket of this.#sockets) socket.once('close', () => this.#socketClosed());
    client.pipe(toServer).pipe(server);
    server.pipe(toClient).pipe(client);
    this.apply(fault);
  }

  /** Puts a fault in force, also on what is under way. */
  apply(fault: Fault): void {
    this.#fault = fault;
    this.#bytesLeft = fault.kind === 'cut' ? fault.afterBytes : Number.POSITIVE_INFINITY;
    if (fault.kind === 'reset' || this.#bytesLeft <= 0 || (this.#deadAfterHealing && !this.#isolated)) return this.reset();
    const setting = settingFor(fault);
    for (const pipe of this.#pipes) pipe.set(setting);
  }

  /** RST to both ends. */
  reset(): void {
    if (this.#closed) return;
    this.#report.reset();
    this.close();
  }

  /** The same, not counted as a fault. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy();
    for (const pipe of this.#pipes) pipe.destroy();
    this.#report.closed();
  }

  get #isolated(): boolean {
    return this.#fault.kind === 'hang' || this.#fault.kind === 'partition';
  }

  #mayPass(direction: Direction, bytes: number): boolean {
    if (this.#fault.kind === 'partition') {
      this.#deadAfterHealing = true;
      this.#report.lost(bytes);
      return false;
    }
    if (direction === 'toClient') this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) {
      this.reset();
      return false;
    }
    this.#report.passed(direction, bytes);
    return true;
  }

  /** One end is gone by force: the other learns it at once, or after the healing when nothing can reach it. */
  #broken(): void {
    if (this.#isolated) this.#deadAfterHealing = true;
    else this.close();
  }

  #socketClosed(): void {
    if (this.#sockets.every((socket) => socket.destroyed)) this.close();
    else if (this.#sockets.some((socket) => socket.errored)) this.#broken();
  }
}

function settingFor(fault: Fault): PipeSetting {
  if (fault.kind === 'hang') return { mode: 'freeze', delayMs: 0 };
  if (fault.kind === 'partition') return { mode: 'drop', delayMs: 0 };
  return { mode: 'flow', delayMs: fault.kind === 'delay' ? fault.delayMs : 0 };
}
