import type { SupervisedProcess } from './supervised-process.js';

/** A server with one process at a time. The process changes with each restart, the server does not. */
export abstract class ControlledServer {
  /** The latest process; undefined before the first start. */
  protected process: SupervisedProcess | undefined;

  /** Undefined while no process runs. */
  get pid(): number | undefined {
    return this.process?.exit ? undefined : this.process?.pid;
  }

  /** SIGKILL of the main process. Processes that it started itself, as PostgreSQL's sessions are, end when they notice. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** SIGSTOP of the main process: nobody serves a new connection. PostgreSQL's open sessions go on. */
  async suspend(): Promise<void> {
    await this.process?.suspend();
  }

  /** SIGCONT. */
  async resume(): Promise<void> {
    await this.process?.resume();
  }
}
