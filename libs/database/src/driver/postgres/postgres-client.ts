import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig, PoolConfig } from 'pg';
import type { ScramSession } from '../authentication/scram-answer.js';

type Done = (reason?: Error | boolean) => void;

/** `pg.Client`, or a class that stands in for it. */
export type ClientClass = new (config: ClientConfig) => object;

/** What a connection of pg's JavaScript client shows, beyond its published types, that cancelling and closing it needs (pg 8). */
export interface PostgresClient extends EventEmitter {
  readonly connection: EventEmitter & {
    readonly stream: Duplex;
    readonly _ending?: boolean;
    /** Makes it read from the stream. */
    attachListeners(stream: Duplex): void;
    sendSCRAMClientFinalMessage?(response: string): void;
  };
  readonly host: string;
  readonly port: number;
  password: unknown;
  readonly connectionParameters: { password: unknown };
  readonly ssl: boolean | ConnectionOptions;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly readyForQuery?: boolean;
  readonly _queryable?: boolean;
  readonly _ending?: boolean;
  readonly _activeQuery?: object | null;
  /** Null while no SCRAM log-in is under way. */
  readonly saslSession?: ScramSession | null;
  /** Answers the server's first SCRAM message, or emits an error at the connection. */
  _handleAuthSASLContinue?(message: { readonly data: string }): Promise<void>;
  release: Done;
  end(callback?: () => void): unknown;
  query(text: string): Promise<unknown>;
}

/** What the adapter uses of `pg.Pool`. */
export interface PostgresNativePool extends EventEmitter {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly expiredCount: number;
  connect(callback: (error: Error | undefined, client?: PostgresClient, done?: Done) => void): void;
  end(callback: () => void): void;
}

/** What a PostgreSQL cancel request is sent with: pg's low-level connection. */
export interface PostgresWire extends EventEmitter {
  readonly stream: Duplex;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/** The `pg` module, or one that stands in for it (an instrumented build). */
export interface PostgresModule {
  readonly Client: ClientClass;
  readonly Pool: new (options: PoolConfig) => unknown;
  readonly Connection: new (options: { ssl?: boolean | ConnectionOptions }) => unknown;
}
