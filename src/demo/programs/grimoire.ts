import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseLogLine, type ApplicationLogLine } from './application-log.js';
import { ChildProgram } from './child-program.js';
import { ProgramFailedError } from './program-failed.error.js';

const APPLICATION = fileURLToPath(new URL('../../main.js', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../migrate.js', import.meta.url));
const READY = /answers at (http:\/\/[^\s,]+)/;

/** How the programs of the reference application are run. */
export interface GrimoireRun {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Hears each line that the application logs. */
  readonly onLog?: (line: ApplicationLogLine) => void;
}

/** The reference application, a process of its own that serves. */
export class RunningGrimoire {
  readonly url: string;
  readonly #program: ChildProgram;

  constructor(program: ChildProgram, url: string) {
    this.#program = program;
    this.url = url;
  }

  /** How it ended: its exit code, or the name of the signal. Never rejects. */
  get ended(): Promise<number | string> {
    return this.#program.ended;
  }

  /** SIGTERM, and SIGKILL after `graceMs`; resolves as `ended` does. */
  stop(graceMs: number): Promise<number | string> {
    return this.#program.stop(graceMs);
  }
}

/**
 * Starts the application as it is shipped and waits until it says where it answers.
 * @throws ProgramFailedError if it ends before
 */
export async function startGrimoire({ env, signal, onLog }: GrimoireRun): Promise<RunningGrimoire> {
  const announced = new EventEmitter();
  const program = launch(APPLICATION, { env, signal }, (line) => {
    const url = READY.exec(line.message)?.[1];
    if (url !== undefined) announced.emit('url', url);
    onLog?.(line);
  });
  const ready = once(announced, 'url').then(([url]: string[]) => url);
  const ended = program.child.ended.then((how) => ({ how }));
  const first = await Promise.race([ready, ended]);
  program.disarm();
  if (typeof first === 'string') return new RunningGrimoire(program.child, first);
  signal.throwIfAborted();
  throw new ProgramFailedError('Grimoire', first?.how ?? 'nothing', program.lastTrouble());
}

/**
 * Runs the application's migrations to their end.
 * @throws ProgramFailedError unless they succeed
 */
export async function migrateGrimoire({ env, signal }: GrimoireRun): Promise<void> {
  const program = launch(MIGRATIONS, { env, signal }, () => {});
  const how = await program.child.ended;
  program.disarm();
  signal.throwIfAborted();
  if (how !== 0) throw new ProgramFailedError('The migration', how, program.lastTrouble());
}

interface Launched {
  readonly child: ChildProgram;
  /** The last warning or error that it logged. */
  lastTrouble(): string | undefined;
  /** From here on an abort does not kill it. */
  disarm(): void;
}

function launch(entry: string, { env, signal }: GrimoireRun, onLog: (line: ApplicationLogLine) => void): Launched {
  signal.throwIfAborted();
  let lastTrouble: string | undefined;
  const child = new ChildProgram({
    entry,
    env,
    onLine(text) {
      const line = parseLogLine(text) ?? { level: 'log', message: text, context: '' };
      if (line.level !== 'log') lastTrouble = line.message;
      onLog(line);
    },
  });
  const kill = (): void => void child.stop(0);
  signal.addEventListener('abort', kill, { once: true });
  return { child, lastTrouble: () => lastTrouble, disarm: () => signal.removeEventListener('abort', kill) };
}
