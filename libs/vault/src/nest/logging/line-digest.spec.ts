import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import { LineDigest, type DigestedLine } from './line-digest.js';

function setUp() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const digest = new LineDigest({
    clock,
    write: (level, line) => void lines.push(`${level} ${line}`),
  });
  const add = (name: string, of: Partial<DigestedLine> = {}): void =>
    digest.add({
      kind: 'revoked',
      level: 'log',
      name,
      line: `${name} is revoked.`,
      ...of,
    });
  return { clock, lines, digest, add };
}

describe('Lines about many of a kind', () => {
  it.each<[string, readonly string[], string | undefined]>([
    ['nothing for one', ['a'], undefined],
    ['the line of the second for two', ['a', 'b'], 'log b is revoked.'],
    ['a count and each name for three', ['a', 'b', 'c'], 'log 2 more leases within a second: revoked; b, c.'],
    ['how often a name came', ['a', 'b', 'b', 'c'], 'log 3 more leases within a second: revoked; b (2), c.'],
    ['the first name as well where it came again', ['a', 'a', 'a'], 'log 2 more leases within a second: revoked; a (2).'],
    ['five names', ['x', 'a', 'b', 'c', 'd', 'e'], 'log 5 more leases within a second: revoked; a, b, c, d, e.'],
    [
      'five names, and how many others there are',
      ['x', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'],
      'log 8 more leases within a second: revoked; a (2), b, c, d, e, 2 of other names.',
    ],
  ])('are the first at once, and after a second %s', async (_, names, last) => {
    const { clock, lines, add } = setUp();
    for (const name of names) add(name);
    const first = `log ${names[0]} is revoked.`;
    await clock.advance(999);
    expect(lines).toEqual([first]);
    await clock.advance(1);
    expect(lines).toEqual(last === undefined ? [first] : [first, last]);
  });

  it('count each kind by itself, with its own level', async () => {
    const { clock, lines, add } = setUp();
    const lost = { kind: 'lost (expired)', level: 'warn' } as const;
    for (const name of ['a', 'b', 'c']) {
      add(name);
      add(name, { ...lost, line: `${name} is lost.` });
    }
    await clock.advance(1_000);
    expect(lines).toEqual([
      'log a is revoked.',
      'warn a is lost.',
      'log 2 more leases within a second: revoked; b, c.',
      'warn 2 more leases within a second: lost (expired); b, c.',
    ]);
  });

  it('begin anew after each second', async () => {
    const { clock, lines, add } = setUp();
    for (const name of ['a', 'b', 'c']) {
      add(name);
      await clock.advance(1_000);
    }
    expect(lines).toEqual(['log a is revoked.', 'log b is revoked.', 'log c is revoked.']);
  });

  it('are written at once by a flush, and not a second time when the second is over', async () => {
    const { clock, lines, digest, add } = setUp();
    for (const name of ['a', 'b']) add(name);
    digest.flush();
    expect(lines).toEqual(['log a is revoked.', 'log b is revoked.']);
    add('c');
    // The second of the first window would be over now, and the one of `c` is not.
    await clock.advance(999);
    add('d');
    expect(lines).toEqual(['log a is revoked.', 'log b is revoked.', 'log c is revoked.']);
    digest.flush();
    digest.flush();
    await clock.advance(5_000);
    expect(lines.slice(3)).toEqual(['log d is revoked.']);
  });

  it('of a window that was flushed close no window that is opened after it', async () => {
    const { clock, lines, digest, add } = setUp();
    add('a');
    await clock.advance(500);
    digest.flush();
    for (const name of ['b', 'c', 'd']) add(name);
    await clock.advance(500);
    expect(lines).toEqual(['log a is revoked.', 'log b is revoked.']);
    await clock.advance(500);
    expect(lines.at(-1)).toBe('log 2 more leases within a second: revoked; c, d.');
  });
});
