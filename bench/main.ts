import { checkoutBench } from './checkout/checkout-bench.js';
import { clientBench } from './client/client-bench.js';
import { importBench } from './import/import-bench.js';
import { leaseBench } from './leases/lease-bench.js';
import { rotationBench } from './rotation/rotation-bench.js';
import type { BenchArguments } from './support/bench-arguments.js';

const benches: Readonly<Record<string, (options: BenchArguments) => Promise<void>>> = {
  checkout: checkoutBench,
  client: clientBench,
  import: importBench,
  leases: leaseBench,
  rotation: rotationBench,
};

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches[name];
const valueOf = (option: string): string | undefined => (rest.includes(option) ? rest[rest.indexOf(option) + 1] : undefined);
const pairs = valueOf('--pairs');
const only = valueOf('--only');

if (bench === undefined || (pairs !== undefined && !(Number(pairs) >= 1))) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--pairs N] [--only PART-OF-A-SCENARIO]`);
  process.exitCode = 2;
} else {
  await bench({ pairs: pairs === undefined ? undefined : Number(pairs), only });
}
