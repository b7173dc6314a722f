// By name and not from the global object: test libraries put fake timers there, and a call would wait for ever.
import { setImmediate } from 'node:timers';
import { Pool, type buildConnector, type Dispatcher } from 'undici';

export interface ReusingPoolOptions extends Pool.Options {
  readonly connections: number;
  readonly connect: buildConnector.connector;
}

interface WaitingCall {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
}

/**
 * A pool of undici, in which a call that follows an answer at once takes the connection of that answer.
 *
 * undici frees a connection in a `setImmediate` after the end of an answer. A pool that is asked before opens another connection, with a
 * whole handshake of TLS: at each start of an application, because the first read follows the log-in in the same turn.
 *
 * Decides: which calls wait until connections are free, for one turn of the event loop at most. Does not decide: which connection a call
 * takes, and when one is opened or closed (undici).
 */
export class ReusingPool {
  readonly #pool: Pool;
  readonly #maxConnections: number;
  readonly #waiting: WaitingCall[] = [];
  /** Those that are opening, too. */
  #connections = 0;
  /** The calls that wait, too. */
  #callsUnderWay = 0;
  /** Connections whose answer has ended, and which undici has not freed yet. */
  #freedSoon = 0;

  constructor(origin: string, options: ReusingPoolOptions) {
    this.#maxConnections = options.connections;
    this.#pool = new Pool(origin, { ...options, connect: this.#counted(options.connect) });
  }

  /** Gives the handler also what undici throws at once. Each call ends with {@link answered} or {@link failed}. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#callsUnderWay += 1;
    if (this.#isFreedInTime()) this.#waiting.push({ options, handler });
    else this.#send({ options, handler });
  }

  /** A call has its whole answer: undici frees the connection in this turn. */
  answered(): void {
    this.#callsUnderWay -= 1;
    if (!this.#hasRoom()) return;
    this.#freedSoon += 1;
    // undici asks for its `setImmediate` after this function has returned. Ours is to come after that one.
    queueMicrotask(this.#endTurn);
  }

  /**
   * A call ended without its answer. Its connection closes: no other call waits for it. A call that waits itself is not sent any more,
   * because undici closes the connection of a call that was aborted.
   */
  failed(handler: Dispatcher.DispatchHandler): void {
    this.#callsUnderWay -= 1;
    const place = this.#waiting.findIndex((call) => call.handler === handler);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }

  /** A call waits only if undici would open a connection for it, and if a connection freed in this turn is left for it. */
  #isFreedInTime(): boolean {
    const waiting = this.#waiting.length;
    const isNoneFree = this.#callsUnderWay - waiting + this.#freedSoon > this.#connections;
    return waiting < this.#freedSoon && isNoneFree && this.#hasRoom();
  }

  /** Without room undici itself lets a call wait. */
  #hasRoom(): boolean {
    return this.#connections < this.#maxConnections;
  }

  readonly #endTurn = (): void => void setImmediate(this.#sendFirstWaiting);

  readonly #sendFirstWaiting = (): void => {
    this.#freedSoon -= 1;
    const first = this.#waiting.shift();
    if (first !== undefined) this.#send(first);
  };

  #send({ options, handler }: WaitingCall): void {
    try {
      this.#pool.dispatch(options, handler);
    } catch (error) {
      handler.onResponseError?.(undefined as never, error as Error);
    }
  }

  #counted(connect: buildConnector.connector): buildConnector.connector {
    return (target, callback) => {
      this.#connections += 1;
      const gone = (): void => void (this.#connections -= 1);
      connect(target, (...outcome) => {
        if (outcome[1] === null) gone();
        else outcome[1].once('close', gone);
        callback(...outcome);
      });
    };
  }
}
