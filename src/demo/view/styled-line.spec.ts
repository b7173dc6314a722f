import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine, line, paintLine, type StyledLine } from './styled-line.js';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '█'), maxLength: 30 });
const styles = fc.constantFrom('bold', 'red', 'green', undefined);
const lines: fc.Arbitrary<StyledLine> = fc.array(fc.record({ text: letters, style: styles }), { maxLength: 6 });

describe('fitLine', () => {
  it('leaves a line that fits as it is', () => {
    expect(fitLine(line('Vault'), 5)).toEqual(line('Vault'));
  });

  it('shows with an ellipsis that something was cut', () => {
    expect(paintLine(fitLine([{ text: 'token', style: 'bold' }, { text: ' 12 s' }], 8), false)).toBe('token 1…');
  });

  it('never exceeds the width, painted or not', () => {
    fc.assert(
      fc.property(lines, fc.nat(40), fc.boolean(), (segments, columns, colour) => {
        expect(stripVTControlCharacters(paintLine(fitLine(segments, columns), colour)).length).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('paintLine', () => {
  it('writes control characters only when colours are taken', () => {
    expect(paintLine(line('ok', 'green'), true)).toBe('\u001B[32mok\u001B[39m');
    expect(paintLine(line('ok', 'green'), false)).toBe('ok');
  });
});
