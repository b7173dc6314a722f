import type { VaultService } from '@keyturn/vault';

const paths = 10_000;
const passes = 10;

export interface HeapPasses {
  readonly reads: number;
  /** Megabytes in use after each pass of 100,000 reads, after a collection. */
  readonly heapMb: readonly number[];
  /** Growth between the second and the last pass, in megabytes. */
  readonly growthMb: number;
}

/** A million reads of 10,000 paths: does the heap grow? */
export async function heapPasses(vault: VaultService): Promise<HeapPasses> {
  const names = Array.from({ length: paths }, (_, index) => `heap/secret-${index}`);
  const readsPerPass = 1_000_000 / passes;
  const heapMb: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    for (let read = 0; read < readsPerPass; read += 64)
      await Promise.all(
        Array.from({ length: Math.min(64, readsPerPass - read) }, (_, index) => vault.getSecret(names[(read + index) % paths] as string)),
      );
    globalThis.gc?.();
    heapMb.push(Math.round((process.memoryUsage().heapUsed / 1_048_576) * 100) / 100);
  }
  return { reads: 1_000_000, heapMb, growthMb: Math.round(((heapMb.at(-1) ?? 0) - (heapMb[1] ?? 0)) * 100) / 100 };
}
