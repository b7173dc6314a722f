import { LogLineLogger } from './log-line.logger.js';
import { startFailureOf } from './start-failure.js';

/** What a program of this application needs to run: the logger of everything, also of its own failure. */
export interface Program {
  readonly name: string;
  /** The variable that names the database role of this program. */
  readonly credentialsSetting: string;
  run(logger: LogLineLogger): Promise<void>;
}

/**
 * Runs a program. If that fails, writes one line with the error's code, setting and remedy, and answers false.
 */
export async function runUntilFailure(program: Program): Promise<boolean> {
  const logger = new LogLineLogger();
  try {
    await program.run(logger);
    return true;
  } catch (error) {
    const { message, ...facts } = startFailureOf(error, program.credentialsSetting);
    logger.fatal(message, facts, program.name);
    return false;
  }
}
