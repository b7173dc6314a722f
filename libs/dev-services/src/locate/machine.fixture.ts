import type { CommandResult, Machine } from './machine.js';

/** What a described machine has. */
export interface MachineDescription {
  readonly environment?: Readonly<Record<string, string>>;
  /** Programs on the PATH, by name. */
  readonly path?: Readonly<Record<string, string>>;
  readonly executables?: readonly string[];
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  readonly cacheFolder?: string;
  /** Commands that succeed, as they are typed; every other one fails. */
  readonly succeeding?: readonly string[];
}

/** A machine as a specification describes it; records the commands it was asked to run. */
export class DescribedMachine implements Machine {
  readonly commands: string[] = [];
  readonly #description: MachineDescription;

  constructor(description: MachineDescription) {
    this.#description = description;
  }

  get environment(): Readonly<Record<string, string | undefined>> {
    return this.#description.environment ?? {};
  }

  get platform(): NodeJS.Platform {
    return this.#description.platform ?? 'linux';
  }

  get arch(): string {
    return this.#description.arch ?? 'x64';
  }

  get cacheFolder(): string {
    return this.#description.cacheFolder ?? '/cache/keyturn';
  }

  async findOnPath(name: string): Promise<string | undefined> {
    return this.#description.path?.[name];
  }

  async isExecutable(path: string): Promise<boolean> {
    return this.#description.executables?.includes(path) ?? false;
  }

  async run(command: string, args: readonly string[]): Promise<CommandResult> {
    const typed = [command, ...args].join(' ');
    this.commands.push(typed);
    const succeeds = this.#description.succeeding?.some((start) => typed.startsWith(start)) ?? false;
    return { code: succeeds ? 0 : 1, stdout: '', stderr: succeeds ? '' : 'No matching distribution found' };
  }
}
