import { describe, expect, it } from 'vitest';
import { LatencyRecorder } from './latency-recorder.js';

describe('LatencyRecorder', () => {
  it('knows no percentile before the first duration', () => {
    expect(new LatencyRecorder().percentileMs(50)).toBeUndefined();
  });

  it.each([
    [50, 50],
    [99, 99],
    [100, 100],
  ])('gives percentile %d of 1 to 100 ms as %d ms', (percent, expectedMs) => {
    const latency = new LatencyRecorder();
    for (let ms = 1; ms <= 100; ms += 1) latency.record(ms);
    expect(latency.percentileMs(percent)).toBeCloseTo(expectedMs, 0);
  });

  it.each([
    [0, 0.001],
    [-5, 0.001],
    [1_000_000, 60_000],
  ])('takes %d ms as %d ms, so that no clock upsets it', (ms, expectedMs) => {
    const latency = new LatencyRecorder();
    latency.record(ms);
    // The histogram keeps three digits.
    expect(Math.abs(latency.percentileMs(50)! / expectedMs - 1)).toBeLessThan(0.001);
  });
});
