import { describe, expect, it } from 'vitest';
import type { RotatablePool } from '../../pool/rotatable-pool.js';
import { pool as quietPool, Stage } from '../rotation-stage.fixture.js';

const hourMs = 3_600_000;

/** A pool whose server knows only the users that were issued since it dropped all. */
class Watched {
  withheld = 0;
  logIns = 0;
  /** What a log-in waits for. */
  answer: Promise<void> = Promise.resolve();
  #known = 0;

  constructor(readonly stage: Stage) {}

  dropUsers(): void {
    this.#known = this.stage.issued.length;
  }

  readonly pool: RotatablePool = {
    ...quietPool,
    withhold: () => {
      this.withheld += 1;
      let held = 1;
      return () => {
        this.withheld -= held;
        held = 0;
      };
    },
    proveActive: async () => {
      this.logIns += 1;
      await this.answer;
      return this.stage.issued.length > this.#known ? undefined : { kind: 'login', reason: '28P01' };
    },
  };
}

async function served(pools = 1) {
  const stage = new Stage();
  const watched = Array.from({ length: pools }, () => new Watched(stage));
  for (const { pool } of watched) await stage.controller.admit(pool);
  return { stage, watched, first: watched[0]! };
}

/** The generations that came into force by a rotation. */
function rotations({ events }: Stage): readonly number[] {
  return events.flatMap((event) => (event.type === 'credentialsRotated' ? [event.generation] : []));
}

describe('When the wall clock has moved ahead', () => {
  it('users that are gone are replaced each time, however soon after each other, at no charge to the budget', async () => {
    const { stage, first } = await served();
    for (let round = 1; round <= 6; round += 1) {
      await stage.clock.advance(1_500);
      first.dropUsers();
      await stage.clock.jump(2 * hourMs);
      await stage.clock.advance(0);
    }
    expect(rotations(stage)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(stage.events.filter(({ type }) => type === 'rotationFailed')).toEqual([]);
  });

  it('fifty pools prove theirs once each, and one replacement follows for all', async () => {
    const { stage, watched } = await served(50);
    await stage.clock.advance(10_000);
    for (const one of watched) one.dropUsers();
    await stage.clock.jump(2 * hourMs);
    await stage.clock.advance(0);
    expect(rotations(stage)).toEqual([2]);
    expect(watched.map(({ withheld, logIns }) => [withheld, logIns])).toEqual(watched.map(() => [0, 1]));
  });

  it('callers wait a second at the most for a server that does not answer, and nothing is replaced', async () => {
    const { stage, first } = await served();
    await stage.clock.advance(10_000);
    first.answer = new Promise(() => undefined);
    await stage.clock.jump(600_000 / 4);
    expect(first.withheld).toBe(1);
    await stage.clock.advance(1_000);
    expect([first.withheld, rotations(stage)]).toEqual([0, []]);
  });
});
