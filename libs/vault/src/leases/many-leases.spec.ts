import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { registryIn } from './lease-registry.fixture.js';
import { TrackedLease } from './tracked/tracked-lease.js';

/** Counts the timers that are set, and calls back as each of them fires. */
class CountingClock extends ManualClock {
  timers = 0;
  onFire: () => void = () => undefined;

  override setTimer(callback: () => void, delayMs: number): () => void {
    this.timers += 1;
    return super.setTimer(() => {
      this.onFire();
      callback();
    }, delayMs);
  }
}

/** How often the states of leases are looked at, and how often a timer is set, while `count` leases are tracked and released. */
function workOf(count: number): { readonly looks: number; readonly timers: number } {
  const clock = new CountingClock();
  const { grant } = registryIn(clock);
  const looks = vi.spyOn(TrackedLease.prototype, 'state', 'get');
  const leases = Array.from({ length: count }, (_, index) => grant(300 + (index % 60), { leaseId: `${index}` }));
  for (const lease of leases) lease.release();
  const work = { looks: looks.mock.calls.length, timers: clock.timers };
  looks.mockRestore();
  return work;
}

describe('A change of one lease among many', () => {
  it('costs the same, however many there are', () => {
    const [few, many] = [workOf(300), workOf(3_000)];
    expect(many.looks / 3_000).toBeLessThan(1.5 * (few.looks / 300));
    expect(many.looks / 3_000).toBeLessThan(20);
    expect(many.timers).toBeLessThan(100);
  });

  it('is followed by one look at the timer when it comes with others', async () => {
    const clock = new CountingClock();
    const { registry, grant } = registryIn(clock);
    for (let index = 0; index < 100; index += 1) grant(300, { leaseId: `${index}` });
    clock.timers = 0;
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    expect(clock.timers).toBeLessThanOrEqual(1);
  });
});

/** What `ask` gives where the stack is so full that no call has room for `many` arguments. An empty stack has room for some 120,000. */
function whereArgumentsHaveNoRoom<Value>(many: readonly number[], ask: () => Value, depth = 0): Value {
  if (depth % 20 === 0) {
    try {
      Math.min(...many);
    } catch {
      return ask();
    }
  }
  return whereArgumentsHaveNoRoom(many, ask, depth + 1);
}

describe('A health answer', () => {
  it('is given for more leases than a call has room for arguments', () => {
    const { registry, grant } = registryIn();
    const seconds = Array.from({ length: 15_000 }, (_, index) => 300 + index);
    for (const lives of seconds) grant(lives, { leaseId: `${lives}` });
    const summary = whereArgumentsHaveNoRoom(seconds, () => registry.summary());
    expect(summary).toEqual({ count: 15_000, soonestExpiryMs: 300_000, failing: 0 });
  });
});

describe('What happens to ten thousand leases at once', () => {
  const count = 10_000;

  /** The most leases of which was told in one turn of the event loop, and of how many in all. */
  async function told(happen: (stage: ReturnType<typeof registryIn>) => Promise<void> | void) {
    const clock = new CountingClock();
    const stage = registryIn(clock);
    for (let index = 0; index < count; index += 1) stage.grant(300, { leaseId: `${index}` });
    const turns: number[] = [];
    const turn = (): void => void turns.push(stage.events.splice(0).length);
    clock.onFire = turn;
    await happen(stage);
    await clock.advance(0);
    turn();
    return { most: Math.max(...turns), all: turns.reduce((sum, one) => sum + one, 0), leases: stage.registry.list() };
  }

  it('is told over many turns of the event loop when their parent token is replaced', async () => {
    const { most, all, leases } = await told(({ registry }) => registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false }));
    expect(all).toBe(count);
    expect(most).toBeLessThanOrEqual(200);
    expect(leases.every((lease) => !lease.renewable && lease.expiresAtMs === 12_000)).toBe(true);
  });

  it('is told over many turns when their parent token is revoked', async () => {
    const { most, all, leases } = await told(({ registry }) => registry.endWithParent({ epoch: 1, expiresAtMs: 0, revoked: true }));
    expect([all, leases.length]).toEqual([count, 0]);
    expect(most).toBeLessThanOrEqual(200);
  });

  it('is told over many turns when they expire', async () => {
    const { most, all, leases } = await told(async ({ registry, clock }) => {
      registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
      await clock.advance(12_000);
    });
    expect([all, leases.length]).toEqual([2 * count, 0]);
    expect(most).toBeLessThanOrEqual(200);
  });

  it('is told once: another end that changes nothing for them is none', async () => {
    const { registry, events, clock, grant } = registryIn();
    grant(300);
    registry.endWithParent({ epoch: 1, expiresAtMs: 12_000, revoked: false });
    registry.endWithParent({ epoch: 2, expiresAtMs: 60_000, revoked: false });
    await clock.advance(0);
    expect(events).toHaveLength(1);
  });

  it('does not renew those of which has not been told yet', async () => {
    const { registry, clock, calls, grant } = registryIn();
    for (let index = 0; index < 1_000; index += 1) grant(30, { leaseId: `${index}` });
    await clock.advance(19_999);
    registry.endWithParent({ epoch: 1, expiresAtMs: 60_000, revoked: false });
    await clock.advance(20_000);
    expect(calls).toEqual([]);
  });
});

describe('The end of a registry with many leases', () => {
  it('revokes so many at a time as Vault can take, for two seconds', async () => {
    const { registry, clock, calls, server, grant } = registryIn();
    for (let index = 0; index < 500; index += 1) grant(300, { leaseId: `${index}` });
    let [underWay, most] = [0, 0];
    server.refuse = () =>
      new Promise((resolve) => {
        underWay += 1;
        most = Math.max(most, underWay);
        clock.setTimer(() => {
          underWay -= 1;
          resolve();
        }, 700);
      });
    const closed = registry.close();
    await clock.advance(5_000);
    await closed;
    expect(most).toBe(64);
    expect(calls).toHaveLength(3 * 64);
    expect(registry.list()).toEqual([]);
  });
});
