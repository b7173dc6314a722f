import { spreadOf, type Spread } from '../support/percentiles.js';
import type { VaultService } from '@keyturn/vault';

const paths = 1_000;
const readsPerSlice = 300_000;

export interface CachedReads {
  readonly mapNanoseconds: number;
  readonly vaultNanoseconds: number;
  /** Speed of `await vault.getSecret(path)` relative to a bare `await map.get(path)`. */
  readonly speedRatio: Spread;
}

/** `await vault.getSecret(path)` of cached secrets beside a bare `await map.get(path)`, slice about. */
export async function cachedReads(vault: VaultService, rounds: number): Promise<CachedReads> {
  const names = Array.from({ length: paths }, (_, index) => `bench/secret-${index}`);
  const map = new Map<string, unknown>();
  for (const name of names) map.set(name, await vault.getSecret(name));
  const fromMap = async (): Promise<void> => {
    for (let read = 0; read < readsPerSlice; read += 1) await map.get(names[read % paths] as string);
  };
  const fromVault = async (): Promise<void> => {
    for (let read = 0; read < readsPerSlice; read += 1) await vault.getSecret(names[read % paths] as string);
  };
  const mapCosts: number[] = [];
  const vaultCosts: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [mapCost, vaultCost] = [await nanoseconds(fromMap), await nanoseconds(fromVault)];
    // The first round warms up.
    if (round === 0) continue;
    mapCosts.push(mapCost);
    vaultCosts.push(vaultCost);
  }
  const ratios = vaultCosts.map((cost, round) => (mapCosts[round] ?? 0) / cost);
  return { mapNanoseconds: spreadOf(mapCosts).median, vaultNanoseconds: spreadOf(vaultCosts).median, speedRatio: spreadOf(ratios) };
}

async function nanoseconds(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return ((performance.now() - startedMs) * 1e6) / readsPerSlice;
}
