import { SystemClock, type Clock } from '@keyturn/vault';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../vault/src/testing/manual-clock.js';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { GiveBack, NativeAcquireCallback, NativePool } from '../driver/native-pool.js';
import { PostgresAdapter } from '../driver/postgres/postgres.adapter.js';
import { uncaughtWhile } from '../support/uncaught.fixture.js';
import { Dispatcher } from './dispatcher.js';
import { Generation } from '../generations/generation.js';
import { GenerationSet } from '../generations/generation-set.js';

const crowd = 20_000;

/** A pool of a driver that needs no server; like pg-pool it hands a connection over on the next tick. */
class PlainNativePool implements NativePool {
  readonly closed: unknown[] = [];
  /** With which the server refuses every connection. */
  failure: Error | undefined;
  readonly expiredCount = 0;
  #inUse = 0;

  constructor(readonly size: number) {}

  get idleCount(): number {
    return this.failure === undefined ? this.size - this.#inUse : 0;
  }

  get physicalCount(): number {
    return this.failure === undefined ? this.size : 0;
  }

  acquire(callback: NativeAcquireCallback): void {
    const { failure } = this;
    if (failure !== undefined) {
      process.nextTick(() => callback(failure, undefined, undefined));
      return;
    }
    this.#inUse += 1;
    const giveBack: GiveBack = (reason) => {
      this.#inUse -= 1;
      if (reason !== undefined && reason !== false) this.closed.push(reason);
    };
    process.nextTick(() => callback(undefined, {}, giveBack));
  }

  query(): Promise<void> {
    return Promise.resolve();
  }

  isUsable(): boolean {
    return true;
  }

  proveLogin(): Promise<void> {
    return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure);
  }

  terminate(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

interface Stage {
  readonly dispatcher: Dispatcher;
  readonly native: PlainNativePool;
  readonly generation: Generation;
}

function stage(size: number, clock: Clock = new SystemClock(), acquireTimeoutMs?: number): Stage {
  const generations = new GenerationSet();
  const native = new PlainNativePool(size);
  const dispatcher = new Dispatcher({
    settings: { product: 'PostgreSQL', target: 'db', max: size, acquireTimeoutMs, connectTimeoutMs: 1_000, handOff: true },
    adapter: new PostgresAdapter(pg),
    generations,
    maxConnections: size,
    outageBudgetMs: 10_000,
    clock,
    random: () => 0,
    listener: { acquired: () => undefined, released: () => undefined },
    onLoginRejected: () => Promise.resolve(),
  });
  const generation = new Generation({ number: 1, credential: new DatabaseCredential({ username: 'u' }), open: () => native });
  generations.add(generation);
  generations.activate(generation);
  return { dispatcher, native, generation };
}

/** Takes a connection. @returns its release */
function take(dispatcher: Dispatcher): Promise<GiveBack> {
  return new Promise((resolve, reject) => {
    dispatcher.take((error, _connection, release) => (error === undefined ? resolve(release!) : reject(error)));
  });
}

/** The server is away from 0 ms until the time that is given, and callers wait. @returns how two of them end */
async function afterOutage(
  awayMs: number,
  acquireTimeoutMs: number,
): Promise<{ clock: ManualClock; first: GiveBack; second: Promise<GiveBack> }> {
  const clock = new ManualClock();
  const { dispatcher, native } = stage(1, clock, acquireTimeoutMs);
  native.failure = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const [first, second] = [take(dispatcher), take(dispatcher)];
  second.catch(() => undefined);
  await clock.advance(0);
  await clock.advance(awayMs);
  native.failure = undefined;
  while (dispatcher.outage !== undefined) await clock.advance(1);
  return { clock, first: await first, second };
}

describe('Dispatcher', () => {
  it('serves 20,000 callers that release in their callbacks, in the order in which they asked', async () => {
    const { dispatcher, native } = stage(1);
    const served: number[] = [];
    for (let caller = 0; caller < crowd; caller += 1) {
      dispatcher.take((_error, _connection, release) => {
        served.push(caller);
        release?.();
      });
    }
    await dispatcher.quiet();
    expect(served).toEqual(Array.from({ length: crowd }, (_, caller) => caller));
    expect(native.idleCount).toBe(1);
  });

  it('calls the next caller before release() returns, where nobody is being served', async () => {
    const { dispatcher } = stage(1);
    const release = await take(dispatcher);
    let isServed = false;
    dispatcher.take((_error, _connection, give) => {
      isServed = true;
      give?.();
    });
    release();
    expect(isServed).toBe(true);
  });

  it('passes on every connection that one callback releases', async () => {
    const { dispatcher, native } = stage(2);
    const [first, second] = [await take(dispatcher), await take(dispatcher)];
    const served: string[] = [];
    dispatcher.take((_error, _connection, release) => {
      release?.();
      second();
      served.push('a');
    });
    for (const name of ['b', 'c', 'd']) {
      dispatcher.take((_error, _connection, release) => {
        served.push(name);
        release?.();
      });
    }
    first();
    expect(served).toEqual(['a', 'b', 'c', 'd']);
    expect([dispatcher.inUse, native.idleCount]).toEqual([0, 2]);
  });

  it('serves the others when a callback throws, and tells who released', async () => {
    const { dispatcher, native } = stage(1);
    const release = await take(dispatcher);
    const served: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      dispatcher.take((_error, _connection, give) => {
        served.push(name);
        give?.();
        if (name === 'a') throw new Error('of the callback');
      });
    }
    expect(release).toThrow('of the callback');
    expect(served).toEqual(['a', 'b', 'c']);
    expect([dispatcher.inUse, native.idleCount]).toEqual([0, 1]);
  });

  it('tells every caller that there is none, when the callback of one throws', async () => {
    const { dispatcher } = stage(1);
    const release = await take(dispatcher);
    const told: string[] = [];
    const thrown = await uncaughtWhile(() => {
      for (const name of ['a', 'b', 'c']) {
        dispatcher.take((error) => {
          told.push(`${name}: ${error?.message}`);
          if (name === 'a') throw new Error('of the callback');
        });
      }
      dispatcher.refuse(new Error('away'));
    });
    expect(told).toEqual(['a: away', 'b: away', 'c: away']);
    expect(thrown).toEqual([new Error('of the callback')]);
    release();
    expect(dispatcher.inUse).toBe(0);
  });

  it('leaves a connection alone that is taken away between its release and the next caller', async () => {
    const { dispatcher, generation, native } = stage(1);
    const release = await take(dispatcher);
    const [checkout] = generation.checkouts;
    const reason = new Error('deadline');
    dispatcher.take((_error, _connection, give) => {
      give?.();
      dispatcher.takeAway(checkout!, reason);
    });
    const last = take(dispatcher);
    release();
    (await last)();
    expect([dispatcher.inUse, native.idleCount, native.closed]).toEqual([0, 1, [reason]]);
  });
});

describe('The acquire time-out', () => {
  it('is whole for everybody when an outage is over, however long they have waited', async () => {
    for (const awayMs of [10, 100, 299, 301, 450, 599, 1_000, 2_950]) {
      const { clock, first, second } = await afterOutage(awayMs, 300);
      await clock.advance(298);
      first();
      expect(await second).toBeTypeOf('function');
    }
  });

  it('ends a caller that nobody serves after the outage', async () => {
    const { clock, second } = await afterOutage(450, 300);
    await clock.advance(301);
    await expect(second).rejects.toMatchObject({ code: 'DATABASE_POOL_TIMEOUT' });
  });

  it('passes for nobody while the process stands still', async () => {
    const clock = new ManualClock();
    const { dispatcher } = stage(1, clock, 300);
    const release = await take(dispatcher);
    const waiting = take(dispatcher);
    clock.standStill(15_000);
    await clock.advance(299);
    release();
    expect(await waiting).toBeTypeOf('function');
  });

  it('passes for nobody while the credentials are over and others are on their way', async () => {
    const clock = new ManualClock();
    const { dispatcher } = stage(1, clock, 300);
    const resume = dispatcher.withhold();
    const waiting = take(dispatcher);
    await clock.advance(20_000);
    resume();
    expect(await waiting).toBeTypeOf('function');
    const late = take(dispatcher).catch((error: unknown) => error);
    await clock.advance(300);
    expect(await late).toMatchObject({ code: 'DATABASE_POOL_TIMEOUT' });
  });
});
