import { parseArgs } from 'node:util';
import { DemoArgumentsError } from './demo-arguments.error.js';

/** What the command line asks for. */
export type DemoArguments =
  | { readonly kind: 'help' }
  /** `seconds` of load from the first served recipe on; undefined runs until Ctrl-C. */
  | { readonly kind: 'run'; readonly seconds: number | undefined };

const MIN_SECONDS = 1;
const MAX_SECONDS = 86_400;

/** Shown by `--help`. */
export const DEMO_HELP = `Keyturn demo: a real OpenBao, a real PostgreSQL and a Nest application whose database credentials rotate while it serves.

  npm run demo                     runs until Ctrl-C
  npm run demo -- --seconds 60     ends by itself with a summary; exit status 1 if anything failed
  npm run demo -- --help           this text

There is no password to type: the application logs in by AppRole, OpenBao issues everything else.
Without a terminal it prints plain lines instead of a table. NO_COLOR is honoured.
`;

/**
 * Reads the arguments after the program's name.
 * @throws DemoArgumentsError for an unknown argument or a malformed value
 */
export function parseDemoArguments(args: readonly string[]): DemoArguments {
  const values = parse(args);
  if (values.help === true) return { kind: 'help' };
  return { kind: 'run', seconds: values.seconds === undefined ? undefined : toSeconds(values.seconds) };
}

function parse(args: readonly string[]): { readonly help?: boolean; readonly seconds?: string } {
  const options = { help: { type: 'boolean', short: 'h' }, seconds: { type: 'string', short: 's' } } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split(/\.\s/)[0] ?? error.message) : String(error);
    throw new DemoArgumentsError(`${problem.replace(/\.$/, '')}.`, '--seconds N or --help');
  }
}

function toSeconds(value: string): number {
  const seconds = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return seconds;
  throw new DemoArgumentsError(
    `--seconds ${JSON.stringify(value.slice(0, 40))} is not a duration.`,
    `a number of seconds from ${MIN_SECONDS} to ${MAX_SECONDS}`,
  );
}
