import type { Machine } from './machine.js';
import type { OpenBaoPlace } from './open-bao-program.js';

/** A binary that an environment variable names. */
export function namedBinary(machine: Machine, variable: string): OpenBaoPlace {
  return {
    name: `the environment variable ${variable}`,
    async look() {
      const path = machine.environment[variable];
      if (!path) return 'not set';
      if (!(await machine.isExecutable(path))) return `it names ${path}, which is not an executable file`;
      return { kind: 'binary', path, source: variable };
    },
  };
}

/** A binary on the PATH. */
export function binaryOnPath(machine: Machine, name: string): OpenBaoPlace {
  return {
    name: `\`${name}\` on the PATH`,
    async look() {
      const path = await machine.findOnPath(name);
      return path ? { kind: 'binary', path, source: `\`${name}\` on the PATH` } : 'not there';
    },
  };
}
