export interface SoakArguments {
  readonly rotations: number;
  readonly workers: number;
  readonly poolSize: number;
  readonly role: 'dynamic' | 'static';
  readonly chaos: boolean;
  /** How often each fault is injected. */
  readonly rounds: number;
  /** Inject only the faults with this in their name. */
  readonly only: string;
}

export const soakUsage =
  'Usage: npm run soak -- [--rotations N] [--workers N] [--pool N] [--static] [--chaos [--rounds N] [--only PART-OF-A-FAULT]]';

/** Reads the command line. @throws Error with the usage for what it does not know */
export function readSoakArguments(words: readonly string[]): SoakArguments {
  const rest = [...words];
  const flag = (name: string): boolean => rest.includes(name) && rest.splice(rest.indexOf(name), 1).length === 1;
  const text = (name: string, fallback: string): string => (rest.includes(name) ? (rest.splice(rest.indexOf(name), 2)[1] ?? '') : fallback);
  const count = (name: string, fallback: number): number => {
    const value = Number(text(name, String(fallback)));
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number of at least 1.\n${soakUsage}`);
    return value;
  };
  const result: SoakArguments = {
    rotations: count('--rotations', 60),
    workers: count('--workers', 32),
    poolSize: count('--pool', 10),
    rounds: count('--rounds', 1),
    only: text('--only', ''),
    role: flag('--static') ? 'static' : 'dynamic',
    chaos: flag('--chaos'),
  };
  if (rest.length > 0) throw new Error(`Unknown argument ${rest[0]}.\n${soakUsage}`);
  return result;
}
