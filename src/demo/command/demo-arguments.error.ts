/** The command line of the demo cannot be understood; the message names the argument, what was expected and the remedy. */
export class DemoArgumentsError extends Error {
  readonly code = 'DEMO_ARGUMENTS_INVALID';

  constructor(problem: string, expected: string) {
    super(`${problem} Expected: ${expected}. \`npm run demo -- --help\` lists what it takes.`);
    this.name = 'DemoArgumentsError';
  }
}
