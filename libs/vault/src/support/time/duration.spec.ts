import { describe, expect, it } from 'vitest';
import { parseDurationMs } from './duration.js';

describe('parseDurationMs', () => {
  it.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['768h', 2_764_800_000],
    ['15', 15_000],
    ['1d', 86_400_000],
    [' 2m ', 120_000],
  ])('reads %j', (text, expected) => expect(parseDurationMs(text)).toBe(expected));

  it.each(['', 'soon', '-1s', '1x', '1h ago', '1e3'])('refuses %j', (text) => expect(parseDurationMs(text)).toBeUndefined());
});
