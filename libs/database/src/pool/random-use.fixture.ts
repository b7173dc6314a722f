import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { GiveBack } from '../driver/native-pool.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { PlayedDatabase, type PlayedConnection, type ServerMood } from './played-database.fixture.js';
import type { PoolOwner } from './pool-owner.js';
import { RotatingPool } from './rotating-pool.js';

export interface Use {
  readonly connections: number;
  readonly handOff: boolean;
  readonly acquireTimeoutMs: number | undefined;
  readonly maxConnections: number;
}

export type Step =
  | { readonly kind: 'acquire'; readonly releases: boolean }
  | { readonly kind: 'release'; readonly which: number; readonly reason: Error | boolean | undefined }
  | { readonly kind: 'releaseAgain'; readonly which: number }
  | { readonly kind: 'breakUsed'; readonly which: number }
  | { readonly kind: 'breakIdle' }
  | { readonly kind: 'rotate'; readonly drainMs: number | undefined; readonly aborts: boolean }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'mood'; readonly mood: ServerMood };

interface Holder {
  readonly connection: PlayedConnection;
  readonly release: GiveBack;
}

/** The longest pause, outage budget, drain and time-out are shorter. */
const longMs = 60_000;

/** Uses a pool as random callers, rotations and servers do, and holds it to what every one of them relies on. */
export class Trial implements PoolOwner {
  readonly #clock = new ManualClock();
  readonly #database: PlayedDatabase;
  readonly #pool: RotatingPool;
  readonly #holders: Holder[] = [];
  readonly #released: GiveBack[] = [];
  readonly #events = { acquire: 0, release: 0, connect: 0, remove: 0 };
  readonly #held = new Map<object, number>();
  readonly #faults: string[] = [];
  /** The native pool of the last generation that was committed. */
  #active: unknown;
  #asked = 0;
  #answered = 0;
  #number = 0;
  #rotation: Promise<void> | undefined;

  constructor({ connections: max, handOff, acquireTimeoutMs, maxConnections }: Use) {
    this.#database = new PlayedDatabase(this.#clock, { max, handOff, acquireTimeoutMs });
    const context = { owner: this, adapter: this.#database, clock: this.#clock, random: () => 0.5 };
    this.#pool = new RotatingPool({}, { ...context, validationQuery: 'SELECT 1', maxConnections, outageBudgetMs: 500 });
    this.#listen();
  }

  async admit(): Promise<void> {
    await this.#turn(undefined, false);
  }

  dismiss(): void {}

  catchUp(): void {}

  async loginRejected(): Promise<void> {
    if (this.#database.mood === 'refusing')
      throw new LoginRejectedError('refused', { reason: '28P01', remedy: 'none', setting: 'credentials' });
    await this.#turn(undefined, false);
  }

  async roleSuspected(): Promise<void> {}

  async take(step: Step): Promise<void> {
    if (step.kind === 'acquire') this.#acquire(step.releases);
    else if (step.kind === 'release') this.#release(step.which, step.reason);
    else if (step.kind === 'releaseAgain') this.#releaseAgain(step.which);
    else if (step.kind === 'breakUsed') this.#breakUsed(step.which);
    else if (step.kind === 'breakIdle') this.#database.pools.at(-1)?.breakIdle();
    else if (step.kind === 'mood') this.#database.mood = step.mood;
    else if (step.kind === 'rotate') this.#rotation ??= this.#rotate(step).finally(() => (this.#rotation = undefined));
    else await this.#clock.advance(step.ms);
    this.#check();
  }

  /** The server is well, and everybody gives back what he has. @returns what the pool has broken */
  async finish(): Promise<readonly string[]> {
    this.#database.mood = 'well';
    for (let round = 0; round < this.#asked + 3; round += 1) {
      await this.#clock.advance(longMs);
      while (this.#holders.length > 0) this.#release(0, undefined);
      this.#check();
    }
    await this.#rotation;
    const { inUse, waiting } = this.#pool.snapshot();
    this.#hold(this.#answered === this.#asked && waiting === 0, 'a caller waits for ever');
    this.#hold(inUse === 0, 'a permit is lost');
    this.#hold(this.#events.acquire === this.#events.release, 'a connection is acquired and not released');
    void this.#pool.end();
    await this.#clock.advance(longMs);
    this.#hold(this.#pool.ended && this.#pool.totalCount === 0, 'a pool does not end');
    this.#hold(this.#events.connect === this.#events.remove, 'a connection is opened and not removed');
    return this.#faults;
  }

  #listen(): void {
    const pool = this.#pool;
    for (const event of ['connect', 'remove'] as const) pool.on(event, () => (this.#events[event] += 1));
    pool.on('acquire', (connection) => {
      this.#events.acquire += 1;
      this.#held.set(connection, (this.#held.get(connection) ?? 0) + 1);
      this.#hold(this.#held.get(connection) === 1, 'a connection has two users');
      this.#hold((connection as PlayedConnection).isOpen, 'a connection that was closed is lent');
    });
    pool.on('release', (_reason, connection) => {
      this.#events.release += 1;
      this.#held.set(connection, (this.#held.get(connection) ?? 0) - 1);
      // Taken away, perhaps: its user has nothing any more.
      const at = this.#holders.findIndex((holder) => holder.connection === connection);
      if (at >= 0) this.#released.push(this.#holders.splice(at, 1)[0]!.release);
    });
    pool.on('error', () => undefined);
  }

  #acquire(releases: boolean): void {
    this.#asked += 1;
    let isAnswered = false;
    this.#pool.connect((error, connection, release) => {
      this.#hold(!isAnswered, 'a caller is answered twice');
      isAnswered = true;
      this.#answered += 1;
      if (error !== undefined) return;
      const holder = { connection: connection as PlayedConnection, release: release! };
      this.#hold(holder.connection.pool === this.#active, 'a connection of replaced credentials is lent');
      this.#holders.push(holder);
      if (releases) release!();
    });
  }

  #release(which: number, reason: Error | boolean | undefined): void {
    const { length } = this.#holders;
    if (length > 0) this.#holders[which % length]!.release(reason);
  }

  /** Late, by a user who has given it back already, or who has lost it: whoever has the connection now keeps it. */
  #releaseAgain(which: number): void {
    const { length } = this.#released;
    if (length === 0) return;
    const before = this.#holders.length;
    try {
      this.#released[which % length]!();
    } catch (error) {
      this.#hold(/already been released/.test((error as Error).message), String(error));
    }
    this.#hold(this.#holders.length === before, 'a late release takes the connection of another');
  }

  #breakUsed(which: number): void {
    const { length } = this.#holders;
    if (length > 0) this.#holders[which % length]!.connection.isOpen = false;
  }

  async #rotate({ drainMs, aborts }: Extract<Step, { kind: 'rotate' }>): Promise<void> {
    if (this.#pool.snapshot().generation !== undefined) await this.#turn(drainMs, aborts).catch(() => undefined);
  }

  async #turn(drainMs: number | undefined, aborts: boolean): Promise<void> {
    const { signal } = new AbortController();
    const numbered = { number: (this.#number += 1), credential: new DatabaseCredential({ username: `u${this.#number}` }) };
    const warmUntilMs = (): number => this.#clock.nowMs() + 20;
    const preparing = this.#pool.prepare(numbered, { signal, loginRetryMs: 100, warmUntilMs });
    const made = this.#database.pools.at(-1);
    const prepared = await preparing;
    if (aborts) return prepared.abort();
    this.#active = made;
    prepared.commit(drainMs === undefined ? undefined : { atMs: this.#clock.nowMs() + drainMs, limit: 'drain-time' });
  }

  /** Noted, as what is thrown in a callback goes to the pool. */
  #hold(isTrue: boolean, otherwise: string): void {
    if (!isTrue) this.#faults.push(otherwise);
  }

  #check(): void {
    const { inUse, max, connections, maxConnections } = this.#pool.snapshot();
    this.#hold(inUse <= max, 'more connections are in use than there are permits');
    this.#hold(this.#holders.length <= inUse, 'a connection is used without a permit');
    this.#hold(connections <= maxConnections, 'there are more connections than maxConnections');
  }
}
