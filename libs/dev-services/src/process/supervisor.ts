import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServerStartFailedError } from '../errors/server-start-failed.error.js';
import { ServicesStoppedError } from '../errors/services-stopped.error.js';
import { SupervisedProcess } from './supervised-process.js';
import type { ProcessPlan, SupervisorEvent, SupervisorRequest } from './supervisor-messages.js';

interface PendingSpawn {
  readonly plan: ProcessPlan;
  readonly secrets: readonly string[];
  resolve(started: SupervisedProcess): void;
  reject(error: Error): void;
}

/**
 * Starts server processes that cannot outlive this process, in a scratch folder that cannot either. This class is the side of the parent;
 * supervisor-program.js is the other side. The event loop of this process stays alive until `stop()`, as with any server.
 * This folder knows processes, ports and output, and no server by name.
 */
export class Supervisor {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #pending = new Map<number, PendingSpawn>();
  readonly #processes = new Map<number, SupervisedProcess>();
  /** Who waits for the delivery of a signal, in the order of sending, by process. */
  readonly #signals = new Map<number, (() => void)[]>();
  #folder = '';
  #nextId = 1;
  #stopped = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (event: SupervisorEvent) => this.#hear(event));
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        this.#clearAfterExit();
        resolve();
      });
    });
  }

  static async start(): Promise<Supervisor> {
    const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
    const child = spawn(process.execPath, [fileURLToPath(new URL('./supervisor-program.js', import.meta.url))], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
      windowsHide: true,
      env,
    });
    const supervisor = new Supervisor(child);
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('error', reject);
      child.once('exit', (code) => reject(startFailure('the supervisor', `its process ended with ${code}`)));
    });
    return supervisor;
  }

  /** The scratch folder of this run; removed when the supervisor ends. */
  get folder(): string {
    return this.#folder;
  }

  /** Starts a process; `secrets` are redacted from whatever of its output is shown. */
  async spawn(plan: ProcessPlan, secrets: readonly string[] = []): Promise<SupervisedProcess> {
    if (this.#stopped) throw new ServicesStoppedError('start a server');
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise<SupervisedProcess>((resolve, reject) => {
      this.#pending.set(id, { plan, secrets, resolve, reject });
      this.#send({ type: 'spawn', id, plan });
    });
  }

  /** Stops every process, removes the scratch folder, ends the supervisor. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true;
      this.#send({ type: 'stop' });
    }
    await this.#gone;
  }

  #send(request: SupervisorRequest): void {
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  #hear(event: SupervisorEvent): void {
    if (event.type === 'ready') this.#folder = event.folder;
    else if (event.type === 'spawned') this.#adopt(event.id, event.pid);
    else if (event.type === 'failed') this.#reject(event.id, event.reason);
    else if (event.type === 'signalled') this.#signals.get(event.id)?.shift()?.();
    else if (event.type === 'output') this.#processes.get(event.id)?.output.append(event.text);
    else this.#processes.get(event.id)?.markEnded({ code: event.code, signal: event.signal });
  }

  #signal(id: number, signal: NodeJS.Signals): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#signals.get(id) ?? [];
      waiting.push(resolve);
      this.#signals.set(id, waiting);
      this.#send({ type: 'signal', id, signal });
    });
  }

  #adopt(id: number, pid: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    const { stopSignal } = pending.plan;
    const signal = (name: NodeJS.Signals): Promise<void> => this.#signal(id, name);
    const started = new SupervisedProcess({ pid, stopSignal, secrets: pending.secrets, signal });
    this.#processes.set(id, started);
    pending.resolve(started);
  }

  #reject(id: number, reason: string): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.reject(startFailure(pending.plan.command, reason));
  }

  /** After a regular stop there is nothing left to do; when the supervisor itself was killed, its work is done here. */
  #clearAfterExit(): void {
    for (const pending of this.#pending.values()) pending.reject(new ServicesStoppedError('start a server'));
    this.#pending.clear();
    for (const delivered of [...this.#signals.values()].flat()) delivered();
    for (const started of this.#processes.values()) {
      if (started.exit) continue;
      if (!this.#stopped) killGroup(started.pid);
      started.markEnded({ code: null, signal: 'SIGKILL' });
    }
    if (!this.#stopped && this.#folder) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    this.#stopped = true;
  }
}

function startFailure(server: string, reason: string): ServerStartFailedError {
  return new ServerStartFailedError({ server, reason, remedy: 'Check that the program can be run by this user.' });
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended with the supervisor.
  }
}
