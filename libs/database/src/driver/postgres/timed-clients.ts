import type { ClientBase, ClientConfig, PoolConfig } from 'pg';
import { guardAuthentication } from '../authentication/guard-authentication.js';
import { RequiredAuthentication } from '../authentication/required-authentication.js';
import { answerScram } from '../authentication/scram-answer.js';
import type { ScramKeys } from '../authentication/scram-keys.js';
import type { ClientClass, PostgresClient } from './postgres-client.js';

/** How long the server may take to close a connection that has said goodbye; its socket is destroyed then. */
export const longestCloseMs = 1_000;

/** What a pool of timed clients is configured with. */
export interface TimedPoolConfig extends PoolConfig {
  /** How long opening one connection may take. */
  readonly connectTimeoutMs: number;
  /** What the server may ask for as a proof of the log-in. */
  readonly requiredAuthentication: RequiredAuthentication;
  /** What the connections of the pool have derived from their password. */
  readonly scramKeys: ScramKeys;
  /** Sets a connection up before it is used; pg-pool waits for the promise that it may return. */
  readonly onConnect?: ((client: ClientBase) => unknown) | undefined;
}

/** A client that knows for how long it has been opening. */
export interface TimedPostgresClient extends PostgresClient {
  /** When it was made, which is when pg-pool connects it, on the clock of `performance.now()`. */
  readonly openedAtMs: number;
}

/**
 * Clients that give up connecting after `connectTimeoutMs`, for a pool that has no time-out of its own: pg-pool's would start a timer
 * for each connection that is taken, also for one that is idle. And that are closed `longestCloseMs` after their end, where pg waits
 * for the server as long as it takes, and a socket that nobody uses takes the place of another. What a server asks for as a proof of the
 * log-in is guarded, and answered with the keys that the pool has.
 */
export class TimedClients {
  readonly #timed = new WeakMap<ClientClass, ClientClass>();

  /**
   * The timed subclass of `client`; the same one each time. A class for each generation would make every generation's clients objects
   * of another shape, and V8 runs code that has met several shapes more slowly: all statements after a rotation would pay for it.
   */
  of(client: ClientClass): ClientClass {
    const known = this.#timed.get(client);
    if (known !== undefined) return known;
    const made = subclass(client);
    this.#timed.set(client, made);
    return made;
  }
}

function subclass(client: ClientClass): ClientClass {
  return class TimedClient extends (client as new (config: ClientConfig) => PostgresClient) implements TimedPostgresClient {
    readonly openedAtMs = performance.now();
    #scramKeys: ScramKeys | undefined;

    constructor(config: ClientConfig & Partial<TimedPoolConfig>) {
      super({
        ...config,
        // By name, because pg-pool makes the password non-enumerable.
        ...(config.password === undefined ? {} : { password: config.password }),
        connectionTimeoutMillis: config.connectTimeoutMs,
      });
      this.#scramKeys = config.scramKeys;
      // An application may keep a client for longer than the pool keeps its password.
      this.connection.once('authenticationOk', () => (this.#scramKeys = undefined));
      guardAuthentication(this, config.requiredAuthentication ?? RequiredAuthentication.byDefault());
    }

    /**
     * With the keys of the pool where the log-in is as usual; whatever is not, pg answers, or says what is wrong with it. The method is pg's
     * own, and not public: a pg that does not call it, or that sends the answer in another way, logs in without the keys.
     */
    override async _handleAuthSASLContinue(message: { readonly data: string }): Promise<void> {
      const { connection } = this;
      try {
        const answer = await this.#scramAnswer(message.data);
        if (answer === undefined) await super._handleAuthSASLContinue?.(message);
        else connection.sendSCRAMClientFinalMessage?.(answer);
      } catch (error) {
        connection.emit('error', error);
      }
    }

    async #scramAnswer(challenge: string): Promise<string | undefined> {
      const { saslSession, password, connection } = this;
      const keys = this.#scramKeys;
      if (!saslSession || keys === undefined || connection.sendSCRAMClientFinalMessage === undefined) return undefined;
      return (await answerScram(saslSession, challenge, { password, keys })) ? saslSession.response : undefined;
    }

    override end(callback?: () => void): unknown {
      const ended = super.end(callback);
      // A pipelined client says goodbye after its last statement, however long that takes.
      if (this.connection._ending === true) destroyLate(this);
      else this.once('drain', () => destroyLate(this));
      return ended;
    }
  };
}

function destroyLate({ connection: { stream } }: PostgresClient): void {
  if (stream.closed) return;
  const timer = setTimeout(() => stream.destroy(), longestCloseMs).unref();
  stream.once('close', () => clearTimeout(timer));
}
