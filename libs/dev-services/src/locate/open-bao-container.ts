import type { Machine } from './machine.js';
import type { OpenBaoPlace } from './open-bao-program.js';

const PUBLIC_IMAGE = 'openbao/openbao:2.7.2';

/**
 * A container runtime with the image of KEYTURN_OPENBAO_IMAGE, or with the public image. `mayPull` is asked before an absent image is
 * pulled: a program that is already on this machine comes before a download.
 */
export function openBaoContainer(machine: Machine, mayPull: () => Promise<boolean>): OpenBaoPlace {
  const image = machine.environment['KEYTURN_OPENBAO_IMAGE'] || PUBLIC_IMAGE;
  return {
    name: `a container runtime (docker, podman) with the image ${image}`,
    async look() {
      // Only with the host's network can the server in the container reach a PostgreSQL on the loopback of the machine.
      if (machine.platform !== 'linux') return `containers share the network of the machine on Linux only, this is ${machine.platform}`;
      const outcomes: string[] = [];
      for (const name of ['docker', 'podman']) {
        const runtime = await machine.findOnPath(name);
        const outcome = runtime ? await probe({ machine, runtime, image, mayPull }) : 'not on the PATH';
        if (runtime && outcome === 'ready') return { kind: 'container', runtime, image, source: `the image ${image}, run by ${name}` };
        outcomes.push(`${name}: ${outcome}`);
      }
      return outcomes.join('; ');
    },
  };
}

interface Probe {
  readonly machine: Machine;
  readonly runtime: string;
  readonly image: string;
  readonly mayPull: () => Promise<boolean>;
}

async function probe({ machine, runtime, image, mayPull }: Probe): Promise<string> {
  if ((await machine.run(runtime, ['image', 'inspect', image], 10_000)).code === 0) return 'ready';
  if (!(await mayPull())) return 'the image is not there';
  if ((await machine.run(runtime, ['info'], 10_000)).code !== 0) return 'installed, its engine does not answer';
  if ((await machine.run(runtime, ['pull', '--quiet', image], 120_000)).code === 0) return 'ready';
  return 'the image is not there and cannot be pulled';
}
