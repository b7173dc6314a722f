import { LogLineLogger } from './log-line.logger.js';
import { startFailureOf } from './start-failure.js';

/** What a program of this application needs to run: the logger of everything, also of its own failure. */
export interface Program {
  readonly name: string;
  /** The variable that names the database role of this program. */
  readonly credentialsSetting: string;
  run(logger: LogLineLogger): Promise<void>;
}

const keepAliveMs = 60_000;
/** A failed start leaves the process to end when it runs out of work. After this time the process is ended by force. */
const exitWithinMs = 5_000;

/**
 * Runs a program. If that fails, writes one line with the error's code, setting and remedy, and lets the process end with status 1.
 */
export async function runUntilFailure(program: Program): Promise<void> {
  const logger = new LogLineLogger();
  // Without it Node would end the process, silently, when all that a start waits for is a timer that keeps no process alive.
  const keepAlive = setInterval(() => undefined, keepAliveMs);
  try {
    await program.run(logger);
  } catch (error) {
    const { message, ...facts } = startFailureOf(error, program.credentialsSetting);
    logger.fatal(message, facts, program.name);
    process.exitCode = 1;
    setTimeout(() => process.exit(1), exitWithinMs).unref();
  } finally {
    clearInterval(keepAlive);
  }
}
