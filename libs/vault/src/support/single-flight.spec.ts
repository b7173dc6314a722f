import { describe, expect, it } from 'vitest';
import { SingleFlight } from './single-flight.js';

function gate<Value>() {
  let open!: (value: Value) => void;
  let fail!: (error: Error) => void;
  const passed = new Promise<Value>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

describe('SingleFlight', () => {
  it('gives everyone who asks meanwhile the same outcome, and starts anew afterwards', async () => {
    const flights = new SingleFlight<string, number>();
    const first = gate<number>();
    const both = [flights.run('a', () => first.passed), flights.run('a', () => Promise.resolve(9))];
    expect(flights.has('a')).toBe(true);
    first.open(1);
    expect(await Promise.all(both)).toEqual([1, 1]);
    expect(flights.has('a')).toBe(false);
    expect(await flights.run('a', () => Promise.resolve(2))).toBe(2);
  });

  it('keeps keys apart', async () => {
    const flights = new SingleFlight<string, number>();
    expect(await Promise.all(['a', 'b'].map((key, index) => flights.run(key, () => Promise.resolve(index))))).toEqual([0, 1]);
  });

  it('keeps no failure', async () => {
    const flights = new SingleFlight<string, number>();
    await expect(flights.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await flights.run('a', () => Promise.resolve(2))).toBe(2);
  });

  it('says when a flight has ended, however it did, and that none is under way', async () => {
    const flights = new SingleFlight<string, number>();
    await flights.settled('a');
    const [good, bad] = [gate<number>(), gate<number>()];
    const outcomes = Promise.allSettled([flights.run('good', () => good.passed), flights.run('bad', () => bad.passed)]);
    const settled = Promise.all([flights.settled('good'), flights.settled('bad')]);
    good.open(1);
    bad.fail(new Error('no'));
    expect(await settled).toEqual([undefined, undefined]);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
