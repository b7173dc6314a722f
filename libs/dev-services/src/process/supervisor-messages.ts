/** How to start one server process. */
export interface ProcessPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** The signal that ends it in good order. */
  readonly stopSignal: NodeJS.Signals;
  /**
   * PostgreSQL's postmaster.pid: still there at the end if the server was killed, and then names a System V shared memory segment (7th
   * line: key and id) that nobody else would remove.
   */
  readonly sharedMemoryFile?: string;
  /** For a container: the command that delivers the signal appended to it; without it the process group is signalled. */
  readonly controlCommand?: readonly [string, ...string[]];
}

/** What the parent asks of the supervisor. */
export type SupervisorRequest =
  | { readonly type: 'spawn'; readonly id: number; readonly plan: ProcessPlan }
  | { readonly type: 'signal'; readonly id: number; readonly signal: NodeJS.Signals }
  | { readonly type: 'stop' };

/** What the supervisor tells its parent. */
export type SupervisorEvent =
  | { readonly type: 'ready'; readonly folder: string }
  | { readonly type: 'spawned'; readonly id: number; readonly pid: number }
  | { readonly type: 'signalled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | { readonly type: 'output'; readonly id: number; readonly text: string }
  | { readonly type: 'exited'; readonly id: number; readonly code: number | null; readonly signal: NodeJS.Signals | null };
