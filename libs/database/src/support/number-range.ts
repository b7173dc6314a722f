/** Which numbers an option may hold, both ends included. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** No fractions. Default false. */
  readonly whole?: boolean;
}

/**
 * The number that `value` is, or that it is the text of, as an environment variable gives it; undefined where there is none in the range.
 * Text is read as pg reads it: `' 3000 '` and `'3e3'` are numbers, `''` and `'3s'` are not.
 */
export function numberIn({ least, most, whole = false }: NumberRange, value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const fits = typeof number === 'number' && number >= least && number <= most && (!whole || Number.isInteger(number));
  return fits ? number : undefined;
}

/** For messages: `a whole number from 1 to 65535`. */
export function describeRange({ least, most, whole = false }: NumberRange): string {
  return `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
}
