import type { Clock } from '@keyturn/vault';
import type { DriverAdapter } from '../driver/driver-adapter.js';
import type { GiveBack, NativeAcquireCallback, NativePool, NativePoolListener } from '../driver/native-pool.js';
import type { PoolSettings } from '../driver/pool-settings.js';
import { postgresFailureKind, postgresFailureReason } from '../driver/postgres/postgres-failure.js';

/** How the server answers whoever opens a connection. */
export type ServerMood = 'well' | 'away' | 'full' | 'refusing' | 'silent';

const codes: Readonly<Record<Exclude<ServerMood, 'well' | 'silent'>, string>> = { away: 'ECONNREFUSED', full: '53300', refusing: '28P01' };
const openingMs = 3;
const closingMs = 20;
const connectTimeoutMs = 1_000;

export class PlayedConnection {
  isOpen = true;

  constructor(readonly pool: PlayedNativePool) {}
}

/** A server and its driver: how it answers is for the spec to say. */
export class PlayedDatabase implements DriverAdapter {
  mood: ServerMood = 'well';
  readonly pools: PlayedNativePool[] = [];

  constructor(
    readonly clock: Clock,
    readonly given: Pick<PoolSettings, 'max' | 'acquireTimeoutMs' | 'handOff'>,
  ) {}

  settings(): PoolSettings {
    return { product: 'Played', target: 'played', connectTimeoutMs, ...this.given };
  }

  openPool(_options: object, _credential: unknown, listener: NativePoolListener): NativePool {
    const pool = new PlayedNativePool(this, listener);
    this.pools.push(pool);
    return pool;
  }

  classify(error: unknown): ReturnType<DriverAdapter['classify']> {
    return postgresFailureKind(error);
  }

  reasonOf(error: unknown): string {
    return postgresFailureReason(error);
  }

  suggestsLostRole(): boolean {
    return false;
  }

  /** Resolves after the time that a log-in takes. */
  logIn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { clock } = this;
      const afterMs = this.mood === 'silent' ? connectTimeoutMs : openingMs;
      const wasSilent = this.mood === 'silent';
      clock.setTimer(() => {
        const { mood } = this;
        if (wasSilent || mood === 'silent') reject(new Error('timeout expired'));
        else if (mood === 'well') resolve();
        else reject(Object.assign(new Error(mood), { code: codes[mood] }));
      }, afterMs);
    });
  }
}

/** Hands over, opens and closes connections as pg-pool does, in the same ticks. */
export class PlayedNativePool implements NativePool {
  readonly expiredCount = 0;
  readonly connections = new Set<PlayedConnection>();
  readonly #database: PlayedDatabase;
  readonly #listener: NativePoolListener;
  readonly #idle: PlayedConnection[] = [];
  readonly #pending: NativeAcquireCallback[] = [];
  #opening = 0;
  #onEnded: (() => void) | undefined;

  constructor(database: PlayedDatabase, listener: NativePoolListener) {
    this.#database = database;
    this.#listener = listener;
  }

  get idleCount(): number {
    return Math.max(0, this.#idle.length - this.#pending.length);
  }

  get physicalCount(): number {
    return this.connections.size + this.#opening;
  }

  acquire(callback: NativeAcquireCallback): void {
    if (this.#onEnded !== undefined) throw new Error('Acquired of a pool that ends.');
    if (this.#idle.length === 0) return void this.#open(callback);
    this.#pending.push(callback);
    process.nextTick(() => this.#servePending());
  }

  query({ isOpen }: PlayedConnection): Promise<void> {
    return isOpen ? Promise.resolve() : Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  }

  isUsable({ isOpen }: PlayedConnection): boolean {
    return isOpen;
  }

  proveLogin(): Promise<void> {
    return this.#database.logIn();
  }

  terminate(connection: PlayedConnection): Promise<void> {
    connection.isOpen = false;
    return new Promise((resolve) => {
      this.#database.clock.setTimer(resolve, closingMs);
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEnded = resolve;
      for (const connection of this.#idle.splice(0)) this.#close(connection);
      this.#endWhenEmpty();
    });
  }

  /** The server closes an idle connection. */
  breakIdle(): void {
    const connection = this.#idle.pop();
    if (connection === undefined) return;
    this.#close(connection);
    this.#listener.idleFailed(new Error('broken'), connection);
  }

  #servePending(): void {
    const callback = this.#pending.shift();
    if (callback === undefined) return;
    const connection = this.#idle.pop();
    if (connection === undefined) void this.#open(callback);
    else this.#handOver(connection, callback);
  }

  async #open(callback: NativeAcquireCallback): Promise<void> {
    this.#opening += 1;
    const failure = await this.#database.logIn().then(
      () => undefined,
      (error: Error) => error,
    );
    this.#opening -= 1;
    if (failure !== undefined) return callback(failure);
    const connection = new PlayedConnection(this);
    this.connections.add(connection);
    this.#listener.connectionOpened(connection);
    this.#handOver(connection, callback);
  }

  #handOver(connection: PlayedConnection, callback: NativeAcquireCallback): void {
    let isReleased = false;
    const giveBack: GiveBack = (reason) => {
      if (isReleased) throw new Error('The pool gave a connection back twice.');
      isReleased = true;
      if (reason || !connection.isOpen || this.#onEnded !== undefined) this.#close(connection);
      else this.#idle.push(connection);
    };
    callback(undefined, connection, giveBack);
  }

  #close(connection: PlayedConnection): void {
    connection.isOpen = false;
    setImmediate(() => {
      this.connections.delete(connection);
      this.#listener.connectionClosed(connection);
      this.#endWhenEmpty();
    });
  }

  #endWhenEmpty(): void {
    if (this.connections.size === 0) this.#onEnded?.();
  }
}
