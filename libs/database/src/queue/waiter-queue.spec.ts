import { Clock } from '@keyturn/vault';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Waiter } from './waiter.js';
import { WaiterQueue } from './waiter-queue.js';

/** Fires a timer when it is told to. */
class TimersByHand extends Clock {
  readonly timers: (() => void)[] = [];

  override nowMs(): number {
    return 0;
  }

  override wallMs(): number {
    return 0;
  }

  override setTimer(callback: () => void): () => void {
    let isSet = true;
    this.timers.push(() => isSet && callback());
    return () => (isSet = false);
  }
}

/** Counts how often its neighbours are looked at or changed. */
class CountedWaiter implements Waiter {
  cancelTimeout: (() => void) | undefined;
  gone = false;
  #before: Waiter | undefined;
  #behind: Waiter | undefined;

  constructor(
    readonly callback: Waiter['callback'],
    readonly count: () => void,
  ) {}

  get before(): Waiter | undefined {
    this.count();
    return this.#before;
  }

  set before(waiter: Waiter | undefined) {
    this.count();
    this.#before = waiter;
  }

  get behind(): Waiter | undefined {
    this.count();
    return this.#behind;
  }

  set behind(waiter: Waiter | undefined) {
    this.count();
    this.#behind = waiter;
  }
}

class Stage {
  readonly clock = new TimersByHand();
  readonly line = new WaiterQueue({
    clock: this.clock,
    timeoutMs: 300,
    heldUntilMs: () => Number.NEGATIVE_INFINITY,
    timedOut: () => new Error('time-out'),
  });
  readonly waiters: CountedWaiter[] = [];
  readonly told: string[] = [];
  looks = 0;

  waiter(): CountedWaiter {
    const name = this.waiters.length;
    const callback = (error: Error | undefined): void => void this.told.push(`${name}: ${error?.message}`);
    const waiter = new CountedWaiter(callback, () => (this.looks += 1));
    this.waiters.push(waiter);
    return waiter;
  }

  join(count: number): void {
    for (let index = 0; index < count; index += 1) this.line.join(this.waiter(), true);
  }
}

const crowd = 20_000;
const mostLooks = 12;

describe('WaiterQueue', () => {
  it('is what a list would be, whoever comes, is served, comes back, or is out of time', () => {
    const step = fc.oneof(
      fc.constantFrom('join' as const, 'next' as const, 'rejoin' as const),
      fc.constant('reject' as const),
      fc.record({ timer: fc.nat({ max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const stage = new Stage();
        let [model, taken]: [Waiter[], Waiter[]] = [[], []];
        const told: string[] = [];
        const tell = (waiter: Waiter, message: string): void =>
          void told.push(`${stage.waiters.indexOf(waiter as CountedWaiter)}: ${message}`);
        const act = {
          join: (): void => {
            const waiter = stage.waiter();
            stage.line.join(waiter, true);
            model.push(waiter);
          },
          next: (): void => {
            const [expected] = model;
            const next = stage.line.next();
            expect(next).toBe(expected);
            model = model.slice(1);
            if (next !== undefined) taken.push(next);
          },
          rejoin: (): void => {
            const waiter = taken.pop();
            if (waiter === undefined) return;
            stage.line.rejoin(waiter);
            model.unshift(waiter);
          },
          reject: (): void => {
            stage.line.rejectAll(new Error('away'));
            for (const waiter of model) tell(waiter, 'away');
            model = [];
          },
        };
        for (const one of steps) {
          if (typeof one === 'string') act[one]();
          else {
            const waiter = stage.waiters[one.timer];
            if (waiter !== undefined && !waiter.gone) tell(waiter, 'time-out');
            stage.clock.timers[one.timer]?.();
            model = model.filter((other) => other !== waiter);
            taken = taken.filter((other) => other !== waiter);
          }
          expect(stage.line.length).toBe(model.length);
        }
        while (model.length > 0) act.next();
        expect(stage.line.next()).toBeUndefined();
        expect(stage.told).toEqual(told);
      }),
    );
  });

  it.each([
    ['the first of them first', (timers: readonly (() => void)[]) => timers],
    ['the last of them first', (timers: readonly (() => void)[]) => timers.toReversed()],
  ])('lets 20,000 go whose time is over at one moment at the same cost for each: %s', (_, order) => {
    const stage = new Stage();
    stage.join(crowd);
    for (const fire of order(stage.clock.timers)) fire();
    expect([stage.line.length, stage.told.length]).toEqual([0, crowd]);
    expect(stage.looks).toBeGreaterThan(crowd);
    expect(stage.looks).toBeLessThan(mostLooks * crowd);
  });

  it('serves 20,000 at the same cost for each', () => {
    const stage = new Stage();
    stage.join(crowd);
    for (const waiter of stage.waiters) expect(stage.line.next()).toBe(waiter);
    expect(stage.looks).toBeGreaterThan(crowd);
    expect(stage.looks).toBeLessThan(mostLooks * crowd);
  });

  it('turns away those who wait, and nobody who comes in answer to that', () => {
    const stage = new Stage();
    const again: Waiter[] = [];
    const callback = (): void => {
      again.push(stage.waiter());
      stage.line.join(again.at(-1)!, true);
    };
    for (let index = 0; index < 3; index += 1) stage.line.join(new CountedWaiter(callback, () => undefined), true);
    stage.line.rejectAll(new Error('away'));
    expect(stage.line.length).toBe(3);
    expect([stage.line.next(), stage.line.next(), stage.line.next(), stage.line.next()]).toEqual([...again, undefined]);
  });
});
