import { describe, expect, it } from 'vitest';
import { DatabaseCredential } from '../credentials/database-credential.js';
import type { GiveBack, NativeAcquireCallback, NativePool } from '../driver/native-pool.js';
import { Generation, type Checkout, type Taker } from './generation.js';

/** A driver that answers when the spec says so, as often as the spec likes. */
class AnsweredByHand implements NativePool {
  readonly idleCount = 0;
  readonly physicalCount = 0;
  readonly expiredCount = 0;
  readonly answers: NativeAcquireCallback[] = [];

  acquire(callback: NativeAcquireCallback): void {
    this.answers.push(callback);
  }

  async query(): Promise<void> {}

  isUsable(): boolean {
    return true;
  }

  async proveLogin(): Promise<void> {}

  async terminate(): Promise<void> {}

  async end(): Promise<void> {}
}

const giveBack: GiveBack = () => undefined;

class Answers implements Taker<string> {
  readonly heard: string[] = [];
  readonly checkouts: Checkout[] = [];

  acquired(checkout: Checkout, ticket: string): void {
    this.heard.push(`${ticket} acquired`);
    this.checkouts.push(checkout);
  }

  notAcquired({ message }: Error, ticket: string): void {
    this.heard.push(`${ticket}: ${message}`);
  }
}

function stage(): { native: AnsweredByHand; generation: Generation; taker: Answers } {
  const native = new AnsweredByHand();
  const generation = new Generation({ number: 1, credential: new DatabaseCredential({ username: 'u' }), open: () => native });
  generation.step({ type: 'activated' });
  return { native, generation, taker: new Answers() };
}

describe('A native pool that answers one acquire twice', () => {
  it('with one connection, gives it to nobody else while it is in use', () => {
    const { native, generation, taker } = stage();
    const [connection, another] = [{}, {}];
    generation.acquire(taker, 'a');
    native.answers[0]!(undefined, connection, giveBack);
    generation.acquire(taker, 'b');
    native.answers[0]!(undefined, connection, giveBack);
    expect(taker.heard).toEqual(['a acquired']);
    native.answers[1]!(undefined, another, giveBack);
    expect(taker.heard).toEqual(['a acquired', 'b acquired']);
    expect(taker.checkouts.map((checkout) => checkout.connection)).toEqual([connection, another]);
    expect(generation.inUse).toBe(2);
  });

  it.each<[string, Error | undefined, object | undefined]>([
    ['with two errors', new Error('again'), undefined],
    ['with an error, and then a connection', undefined, {}],
  ])('%s, leaves the next acquire alone, and keeps no connection that nobody has', async (_what, error, connection) => {
    const { native, generation, taker } = stage();
    const given: unknown[] = [];
    generation.acquire(taker, 'a');
    native.answers[0]!(new Error('away'));
    generation.acquire(taker, 'b');
    native.answers[0]!(error, connection, connection && ((reason) => given.push(reason)));
    expect(taker.heard).toEqual(['a: away']);
    expect(given).toEqual(connection === undefined ? [] : [true]);
    native.answers[1]!(undefined, {}, () => undefined);
    expect(taker.heard).toEqual(['a: away', 'b acquired']);
    generation.step({ type: 'retired' });
    generation.giveBack(taker.checkouts[0]!);
    await generation.ended;
    expect(generation.inUse).toBe(0);
  });
});
