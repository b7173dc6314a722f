import type { Machine } from './machine.js';
import type { OpenBaoPlace } from './open-bao-program.js';

const PUBLIC_IMAGE = 'openbao/openbao:2.7.2';

/** A container runtime that answers, with the image of KEYTURN_OPENBAO_IMAGE or the public one present or pulled. */
export function openBaoContainer(machine: Machine): OpenBaoPlace {
  const image = machine.environment['KEYTURN_OPENBAO_IMAGE'] ?? PUBLIC_IMAGE;
  return {
    name: `a container runtime (docker, podman) with the image ${image}`,
    async look() {
      // Only with the host's network can the server in the container reach a PostgreSQL on the loopback of the machine.
      if (machine.platform !== 'linux') return `containers share the network of the machine on Linux only, this is ${machine.platform}`;
      const outcomes: string[] = [];
      for (const name of ['docker', 'podman']) {
        const runtime = await machine.findOnPath(name);
        const outcome = runtime ? await probe(machine, runtime, image) : 'not on the PATH';
        if (runtime && outcome === 'ready') return { kind: 'container', runtime, image, source: `the image ${image}, run by ${name}` };
        outcomes.push(`${name}: ${outcome}`);
      }
      return outcomes.join('; ');
    },
  };
}

async function probe(machine: Machine, runtime: string, image: string): Promise<string> {
  if ((await machine.run(runtime, ['info'], 10_000)).code !== 0) return 'installed, its engine does not answer';
  if ((await machine.run(runtime, ['image', 'inspect', image], 10_000)).code === 0) return 'ready';
  if ((await machine.run(runtime, ['pull', '--quiet', image], 120_000)).code === 0) return 'ready';
  return 'the image is not there and cannot be pulled';
}
