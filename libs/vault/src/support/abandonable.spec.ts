import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { abandonable } from './abandonable.js';
import { withinTime } from './time/within-time.js';

interface Shared {
  readonly promise: Promise<string>;
  readonly open: (value: string) => void;
  readonly fail: (error: Error) => void;
}

function shared(): Shared {
  let open!: Shared['open'];
  let fail!: Shared['fail'];
  const promise = new Promise<string>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** Knows how many of its timers nobody cancelled. */
class CountingClock extends ManualClock {
  armed = 0;

  override setTimer(callback: () => void, delayMs: number): () => void {
    const cancel = super.setTimer(callback, delayMs);
    this.armed += 1;
    return () => {
      this.armed -= 1;
      cancel();
    };
  }
}

describe('A caller who may leave an operation that others share', () => {
  it.each([undefined, null])('waits like everybody where the signal is %s', (signal) => {
    const { promise } = shared();
    expect(abandonable(promise, signal)).toBe(promise);
  });

  it('gets what the operation gives, and why it failed', async () => {
    const [good, bad] = [shared(), shared()];
    const both = [abandonable(good.promise, new AbortController().signal), abandonable(bad.promise, new AbortController().signal)];
    const failure = new Error('no');
    good.open('value');
    bad.fail(failure);
    expect(await Promise.allSettled(both)).toEqual([
      { status: 'fulfilled', value: 'value' },
      { status: 'rejected', reason: failure },
    ]);
  });

  it.each<[string, (() => Error) | undefined, unknown]>([
    ['the reason of the signal', undefined, 'reason'],
    ['an error of its own', () => new Error('left'), 'left'],
  ])('gets %s when it leaves, and the others wait on', async (_, abandoned, message) => {
    const { promise, open } = shared();
    const controller = new AbortController();
    const leaving = abandonable(promise, controller.signal, abandoned);
    const staying = abandonable(promise, new AbortController().signal);
    controller.abort(new Error('reason'));
    await expect(leaving).rejects.toMatchObject({ message });
    open('value');
    expect(await staying).toBe('value');
  });

  it('gets no value for which it has come too late, and nobody is troubled by what fails then', async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', note);
    const { promise, fail } = shared();
    await expect(abandonable(promise, AbortSignal.abort(new Error('reason')))).rejects.toThrow('reason');
    fail(new Error('later'));
    // Node tells of an unheard rejection once the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });

  it('leaves no listener on a signal that outlives the operation', async () => {
    const { signal } = new AbortController();
    const { promise, open } = shared();
    const waiting = abandonable(promise, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    open('value');
    await waiting;
    await new Promise((resolve) => setImmediate(resolve));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

const expired = (): Error => new Error('too late');

describe('A caller who waits so long and no longer', () => {
  it('gets what comes in time', async () => {
    const { promise, open } = shared();
    const waiting = withinTime(promise, { clock: new ManualClock(), timeoutMs: 10, expired });
    open('value');
    expect(await waiting).toBe('value');
  });

  it('gets its own error when the time is up, and the operation goes on', async () => {
    const clock = new ManualClock();
    const { promise, open } = shared();
    const waiting = withinTime(promise, { clock, timeoutMs: 10, expired }).catch((error: unknown) => error);
    await clock.advance(10);
    expect(await waiting).toEqual(new Error('too late'));
    open('value');
    expect(await promise).toBe('value');
  });

  it('leaves no timer behind', async () => {
    const clock = new CountingClock();
    const [good, bad] = [shared(), shared()];
    const outcomes = Promise.allSettled(
      [good, bad].map(({ promise }, index) => withinTime(promise, { clock, timeoutMs: index + 1, expired })),
    );
    good.open('value');
    bad.fail(new Error('no'));
    await outcomes;
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.armed).toBe(0);
  });
});
