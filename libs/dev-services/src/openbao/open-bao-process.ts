import { PortInUseError } from '../errors/port-in-use.error.js';
import { ServerStartFailedError } from '../errors/server-start-failed.error.js';
import type { OpenBaoProgram } from '../locate/open-bao-program.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import type { Supervisor } from '../process/supervisor.js';
import { openBaoLaunch, type OpenBaoArguments } from './open-bao-launch.js';

const START_TIMEOUT_MS = 60_000;

/** What starting one process of the server takes. */
export interface OpenBaoProcessStart {
  readonly supervisor: Supervisor;
  readonly program: OpenBaoProgram;
  readonly port: number;
  readonly secrets: readonly string[];
}

/**
 * Starts the process and waits until it says itself that it listens; an answer on the port could be another server's.
 * @throws PortInUseError, ServerStartFailedError
 */
export async function startOpenBaoProcess(start: OpenBaoProcessStart, launch: OpenBaoArguments): Promise<SupervisedProcess> {
  const server = `OpenBao (${start.program.source})`;
  const started = await start.supervisor.spawn(openBaoLaunch(start.program, launch), start.secrets);
  if (await started.waitForOutput(/server started!/, START_TIMEOUT_MS)) return started;
  const { exit } = started;
  await started.kill();
  if (started.output.includes(/address already in use/i)) throw new PortInUseError(server, start.port);
  const reason = exit ? `it ended with ${exit.signal ?? `exit code ${exit.code}`}` : `it was not ready within ${START_TIMEOUT_MS / 1000} s`;
  const remedy = 'Check the program with `bao version`, or take another one with KEYTURN_OPENBAO_BIN.';
  throw new ServerStartFailedError({ server, reason, remedy, lastOutput: started.output.lastLines() });
}
