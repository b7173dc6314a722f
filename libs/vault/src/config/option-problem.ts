import type { z } from 'zod';
import { shownSetting } from '../support/checked/setting.js';
import type { OptionNames } from './option-names.js';

/** One option that is wrong. */
export interface OptionProblem {
  /** Its environment variable where it has one, else its path, such as `cache.ttlMs`. */
  readonly setting: string;
  /** What is wrong with it, named by its variable and its path. Never shows the value. */
  readonly text: string;
}

/** The problems that an issue of zod stands for. */
export function optionProblems(issue: z.core.$ZodIssue, names: OptionNames, above: readonly PropertyKey[] = []): readonly OptionProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    // `cache` and `retry` may be `false`; that another value is not `false` helps nobody.
    const inner = issue.errors.flat().filter(({ code }) => code !== 'invalid_value');
    return inner.flatMap((each) => optionProblems(each, names, path));
  }
  if (issue.code === 'unrecognized_keys') {
    const options = issue.keys.map((key) => [...path, key].join('.'));
    return options.map((option) => ({ setting: option, text: `there is no option \`${option}\`` }));
  }
  const option = path.length === 0 ? 'options' : path.join('.');
  // zod's own messages say what was expected and what type came, never the value.
  const what = issue.code === 'custom' || issue.message === 'is missing' ? issue.message : `is wrong: ${issue.message}`;
  const variable = names.variableOf(option);
  if (variable === undefined) return [{ setting: option, text: `\`${option}\` ${what}` }];
  return [{ setting: variable, text: `${shownSetting({ variable, option })} ${what}` }];
}
