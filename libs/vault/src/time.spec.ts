import { describe, expect, it } from 'vitest';
import { ManualClock } from './testing/manual-clock.js';
import { abandonable, withinTime } from './time.js';

const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const late = new Error('too late');

describe('Somebody who waits within a time', () => {
  it('gets an outcome that comes in time, and leaves no timer', async () => {
    const clock = new ManualClock();
    expect(await withinTime(Promise.resolve('done'), { clock, timeoutMs: 10, expired: () => late })).toBe('done');
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  it('leaves when the time is over', async () => {
    const clock = new ManualClock();
    const outcome = outcomeOf(withinTime(new Promise(() => undefined), { clock, timeoutMs: 10, expired: () => late }));
    await clock.advance(10);
    expect(await outcome).toBe(late);
  });
});

describe('Somebody who may leave early', () => {
  it.each<[string, (() => Error) | undefined, Error]>([
    ['with the reason of the signal', undefined, late],
    ['with an error of its own', () => new Error('gave up'), new Error('gave up')],
  ])('leaves %s, now or when it aborts', async (_, abandoned, expected) => {
    const controller = new AbortController();
    const outcomes = [AbortSignal.abort(late), controller.signal].map((signal) =>
      outcomeOf(abandonable(new Promise(() => undefined), signal, abandoned)),
    );
    controller.abort(late);
    expect(await Promise.all(outcomes)).toEqual([expected, expected]);
  });

  it('hears of the outcome where the signal does not abort', async () => {
    expect(await abandonable(Promise.resolve('done'), new AbortController().signal)).toBe('done');
  });
});
