import { randomUUID } from 'node:crypto';
import type { OpenBaoProgram } from '../locate/open-bao-program.js';
import type { ProcessPlan } from '../process/supervisor-messages.js';

/** What `bao server` is started with, whatever runs it. */
export interface OpenBaoArguments {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The scratch folder that it reads and writes, also its HOME. */
  readonly folder: string;
}

/** The process that serves: the binary itself, or a container on the network of the machine. */
export function openBaoLaunch(program: OpenBaoProgram, { args, env, folder }: OpenBaoArguments): ProcessPlan {
  const own = { HOME: folder, ...env };
  const base = { cwd: folder, stopSignal: 'SIGTERM' } as const;
  if (program.kind === 'binary')
    return { ...base, command: program.path, args: ['server', ...args], env: { PATH: process.env['PATH'] ?? '', ...own } };
  const name = `keyturn-${randomUUID()}`;
  const user = process.getuid ? ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  // Names only: the values reach the container through the environment of its client, not through its argument list.
  const variables = Object.keys(own).flatMap((variable) => ['--env', variable]);
  const options = [
    '--rm',
    '--name',
    name,
    '--network',
    'host',
    '--entrypoint',
    'bao',
    '--volume',
    `${folder}:${folder}`,
    ...user,
    ...variables,
  ];
  return {
    ...base,
    command: program.runtime,
    args: ['run', ...options, program.image, 'server', ...args],
    env: { ...ownEnvironment(), ...own },
    controlCommand: [program.runtime, 'kill', name, '--signal'],
  };
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
