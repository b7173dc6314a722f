import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DemoStage } from './demo-stage.js';
import { StageBoard, type StagePlan } from './stage-board.js';

afterEach(() => vi.useRealTimers());

function plan(name: string): StagePlan<number> {
  return { name, doing: 'starts', done: (port) => `on ${port}` };
}

describe('StageBoard', () => {
  it('shows steps that run side by side, each with its result', async () => {
    const shown: string[] = [];
    const board = new StageBoard(
      (stages) => shown.push(stages.map(({ name, state, text }) => `${name} ${state} ${text}`).join(', ')),
      () => 0,
    );
    expect(await Promise.all([board.run(plan('a'), async () => 1), board.run(plan('b'), async () => 2)])).toEqual([1, 2]);
    expect(shown).toEqual([
      'a running starts',
      'a running starts, b running starts',
      'a done on 1, b running starts',
      'a done on 1, b done on 2',
    ]);
  });

  it('says what takes so long', async () => {
    vi.useFakeTimers();
    let last: readonly DemoStage[] = [];
    const board = new StageBoard(
      (stages) => (last = stages),
      () => 0,
    );
    const slow = { afterMs: 2_000, text: 'downloads' };
    const finished = board.run(
      { name: 'a', doing: 'looks', slow, done: () => 'there' },
      () => new Promise((resolve) => setTimeout(resolve, 3_000)),
    );
    await vi.advanceTimersByTimeAsync(2_500);
    expect(last[0]?.text).toBe('downloads');
    await vi.advanceTimersByTimeAsync(1_000);
    await finished;
    expect(last[0]?.text).toBe('there');
  });

  it('shows a step that failed and rejects as it did', async () => {
    let last: readonly DemoStage[] = [];
    const board = new StageBoard(
      (stages) => (last = stages),
      () => 0,
    );
    const failure = new Error('no server');
    await expect(board.run({ name: 'a', doing: 'looks', done: () => '' }, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(last[0]).toMatchObject({ state: 'failed', text: 'looks' });
  });
});
