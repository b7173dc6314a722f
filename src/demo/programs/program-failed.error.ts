/** A program that the demo started did not do its work; the message ends with the last thing it said. */
export class ProgramFailedError extends Error {
  readonly code = 'DEMO_PROGRAM_FAILED';

  constructor(program: string, ended: number | string, lastWords: string | undefined) {
    super(`${program} ended with ${ended} before all was ready. ${lastWords ? `It said: ${lastWords}` : 'It said nothing.'}`);
    this.name = 'ProgramFailedError';
  }
}
