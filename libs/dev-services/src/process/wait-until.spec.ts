import { describe, expect, it } from 'vitest';
import { waitUntil } from './wait-until.js';

describe('waitUntil', () => {
  it.each<[string, (() => boolean)[], number]>([
    ['it answers yes at once', [() => true], 1],
    ['it answers yes later', [() => false, () => false, () => true], 3],
    [
      'it fails at first',
      [
        () => {
          throw new Error('not there yet');
        },
        () => true,
      ],
      2,
    ],
  ])('is true when %s, and asks no more', async (_, answers, times) => {
    let asked = 0;
    const check = async (): Promise<boolean> => {
      const answer = answers[asked]!;
      asked += 1;
      return answer();
    };
    expect(await waitUntil(check, 30_000)).toBe(true);
    expect(asked).toBe(times);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['no', async () => false],
    ['with an error', () => Promise.reject(new Error('away'))],
  ])('is false once its time has passed with nothing but %s', async (_, check) => expect(await waitUntil(check, 1)).toBe(false));
});
