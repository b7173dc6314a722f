/**
 * The number that a text writes in plain decimal digits, if it lies from `min` to `max`.
 * @returns undefined for anything else: signs, blanks, fractions, exponents and leading zeros included
 */
export function wholeNumber(text: unknown, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,14})$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
