import { describe, expect, it } from 'vitest';
import { warmUpPauseMs } from './warm-up.js';

describe('warmUpPauseMs', () => {
  it.each([
    { openMs: 5, remaining: 9, leftMs: 2_000, pauseMs: 10, why: 'twice what the last log-in took' },
    { openMs: 40, remaining: 4, leftMs: 2_000, pauseMs: 80, why: 'longer on a busy machine' },
    { openMs: 40, remaining: 9, leftMs: 450, pauseMs: 10, why: 'shorter when the others would not fit any more' },
    { openMs: 40, remaining: 9, leftMs: 100, pauseMs: 0, why: 'none when they do not fit anyway' },
    { openMs: 40, remaining: 9, leftMs: -5, pauseMs: 0, why: 'none after the end' },
  ])('pauses $pauseMs ms: $why', ({ openMs, remaining, leftMs, pauseMs }) => {
    expect(warmUpPauseMs(openMs, remaining, leftMs)).toBe(pauseMs);
  });
});
