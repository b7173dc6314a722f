import { describe, expect, it } from 'vitest';
import { OutputBuffer } from './output-buffer.js';

describe('OutputBuffer', () => {
  it('keeps the end of a long output and gives its last lines, redacted', () => {
    const output = new OutputBuffer(['s3cret']);
    for (let line = 1; line <= 20_000; line += 1) output.append(`line ${line} s3cret\n`);

    expect(output.lastLines(2)).toBe('line 19999 <redacted>\nline 20000 <redacted>');
    expect(output.includes(/line 1 /)).toBe(false);
  });

  it('tells its subscribers of every piece until they leave', () => {
    const output = new OutputBuffer([]);
    let pieces = 0;
    const leave = output.subscribe(() => (pieces += 1));
    output.append('a');
    leave();
    output.append('b');

    expect(pieces).toBe(1);
  });
});
