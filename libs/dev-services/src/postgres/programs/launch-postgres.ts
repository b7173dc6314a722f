import { join } from 'node:path';
import { PortInUseError } from '../../errors/port-in-use.error.js';
import { ServerStartFailedError } from '../../errors/server-start-failed.error.js';
import type { SupervisedProcess } from '../../process/supervised-process.js';
import type { Supervisor } from '../../process/supervisor.js';
import { postgresPlan, type PostgresCluster } from '../postgres-cluster.js';

const START_TIMEOUT_MS = 60_000;

export interface PostgresLaunch {
  readonly port: number;
  /** `-c name=value` arguments. */
  readonly settings: readonly string[];
  /** Not to be shown in the server's output. */
  readonly secrets: readonly string[];
}

/** Starts the server of a data folder; resolves when it accepts connections, a standby's read-only ones. */
export async function launchPostgres(
  supervisor: Supervisor,
  cluster: PostgresCluster,
  { port, settings, secrets }: PostgresLaunch,
): Promise<SupervisedProcess> {
  const args = ['-D', cluster.dataFolder, '-p', String(port), ...settings];
  const sharedMemoryFile = join(cluster.dataFolder, 'postmaster.pid');
  const started = await supervisor.spawn({ ...postgresPlan(cluster, cluster.binaries.postgres, args), sharedMemoryFile }, secrets);
  if (!(await started.waitForOutput(/database system is ready to accept (read-only )?connections/, START_TIMEOUT_MS)))
    await failStart(started, port);
  return started;
}

async function failStart(started: SupervisedProcess, port: number): Promise<never> {
  const { exit } = started;
  await started.kill();
  if (started.output.includes(/address already in use|could not create any TCP\/IP sockets/i)) throw new PortInUseError('PostgreSQL', port);
  const reason = exit ? `it ended with ${exit.signal ?? `exit code ${exit.code}`}` : `it was not ready within ${START_TIMEOUT_MS / 1000} s`;
  throw new ServerStartFailedError({
    server: 'PostgreSQL',
    reason,
    remedy: 'Check the settings given.',
    lastOutput: started.output.lastLines(),
  });
}
