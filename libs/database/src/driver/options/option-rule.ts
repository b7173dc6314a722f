import { describeRange, numberIn, type NumberRange } from '../../support/number-range.js';

/** What an option may hold. */
export interface OptionRule {
  /** For messages: `a whole number from 1 to 65535`. */
  readonly expected: string;
  /** What the reader can do about another value. */
  readonly remedy: string;
  /** The value as the driver is to get it; undefined where it is refused. */
  read(value: unknown): unknown;
}

/** @param others values that are no numbers of the range and mean something to pg all the same */
export function numberRule(range: NumberRange, others: readonly unknown[] = []): OptionRule {
  return {
    expected: [describeRange(range), ...others.map(String)].join(', or '),
    remedy: 'Give it a number, or the text of one where it comes from the environment; left out, it has its default.',
    read: (value) => (others.includes(value) ? value : numberIn(range, value)),
  };
}

/** Text is refused: pg takes 'false' for true. */
export const booleanRule: OptionRule = {
  expected: 'true or false',
  remedy: "Where it comes from the environment, compare it: value === 'true'.",
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

export const textRule: OptionRule = {
  expected: 'a text',
  remedy: 'Give it a text; left out, it has its default.',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

export const functionRule: OptionRule = {
  expected: 'a function',
  remedy: 'Give it a function, or leave it out.',
  read: (value) => (typeof value === 'function' ? value : undefined),
};
