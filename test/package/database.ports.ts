import {
  DatabaseCredential,
  type CredentialContext,
  type CredentialDefinition,
  type CredentialEvent,
  type CredentialSource,
  type DriverAdapter,
  type FailureKind,
  type IssuedCredential,
  type NativeAcquireCallback,
  type NativeConnection,
  type NativePool,
  type NativePoolListener,
  type PoolSettings,
} from '@keyturn/database';

// What an application writes that has nothing but the package: this file imports nothing else, on purpose.

/** Credentials of a store of the application, which live for a minute. */
class OwnCredential implements IssuedCredential {
  readonly credential: DatabaseCredential;
  readonly issuedAtMs: number;
  readonly atExpiry = 'unusable';
  readonly extendable = false;
  expiresAtMs: number;
  isRevoked = false;

  constructor(username: string, nowMs: number) {
    this.credential = new DatabaseCredential({ username, password: `password of ${username}` });
    this.issuedAtMs = nowMs;
    this.expiresAtMs = nowMs + 60_000;
  }

  subscribe(_listener: (event: CredentialEvent) => void): () => void {
    return () => undefined;
  }

  shorten(afterMs: number): Promise<void> {
    this.expiresAtMs = Math.min(this.expiresAtMs, performance.now() + afterMs);
    return Promise.resolve();
  }

  revoke(): Promise<void> {
    this.isRevoked = true;
    return Promise.resolve();
  }

  release(): void {
    // Nothing looks after them.
  }
}

export class OwnSource implements CredentialSource {
  readonly name = 'own/store';
  readonly mints = true;
  readonly issued: OwnCredential[] = [];

  issue(signal: AbortSignal): Promise<IssuedCredential> {
    signal.throwIfAborted();
    const issued = new OwnCredential(`user${this.issued.length + 1}`, performance.now());
    this.issued.push(issued);
    return Promise.resolve(issued);
  }
}

/** The same, as `DatabaseModule` takes it when it needs Vault. */
export class OwnDefinition implements CredentialDefinition {
  readonly name = 'own/definition';
  readonly source = new OwnSource();

  connect(_context: CredentialContext): CredentialSource {
    return this.source;
  }
}

/** A pool of connections to nothing. */
class MemoryPool implements NativePool {
  readonly #username: string;
  readonly #listener: NativePoolListener;
  readonly #idle: NativeConnection[] = [];
  #open = 0;

  constructor(username: string, listener: NativePoolListener) {
    this.#username = username;
    this.#listener = listener;
  }

  readonly expiredCount = 0;

  get idleCount(): number {
    return this.#idle.length;
  }

  get physicalCount(): number {
    return this.#open;
  }

  acquire(callback: NativeAcquireCallback): void {
    const connection = this.#idle.pop() ?? this.#connect();
    queueMicrotask(() =>
      callback(undefined, connection, (reason) =>
        reason === undefined || reason === false ? this.#idle.push(connection) : this.#close(connection),
      ),
    );
  }

  query(): Promise<void> {
    return Promise.resolve();
  }

  isUsable(): boolean {
    return true;
  }

  proveLogin(): Promise<void> {
    return Promise.resolve();
  }

  terminate(connection: NativeConnection): Promise<void> {
    this.#close(connection);
    return Promise.resolve();
  }

  end(): Promise<void> {
    for (const connection of this.#idle.splice(0)) this.#close(connection);
    return Promise.resolve();
  }

  #connect(): NativeConnection {
    this.#open += 1;
    return { username: this.#username };
  }

  #close(connection: NativeConnection): void {
    this.#open -= 1;
    this.#listener.connectionClosed(connection);
  }
}

/** A database that lives in memory. */
export class MemoryAdapter implements DriverAdapter {
  settings(): PoolSettings {
    return { product: 'Memory', target: 'memory', max: 2, acquireTimeoutMs: 1_000, connectTimeoutMs: 1_000, handOff: true };
  }

  openPool(_options: object, { username }: DatabaseCredential, listener: NativePoolListener): NativePool {
    return new MemoryPool(username, listener);
  }

  classify(): FailureKind {
    return 'other';
  }

  reasonOf(): string {
    return 'none';
  }

  suggestsLostRole(): boolean {
    return false;
  }
}
