import 'reflect-metadata';
import { DevServices } from '@keyturn/dev-services';
import type { BenchArguments } from '../support/bench-arguments.js';
import { reportTable } from '../support/report-table.js';
import { writeReport } from '../support/write-report.js';
import { cachedReads } from './cached-reads.js';
import { bareUndici, keyturn, peers, type Target } from './contenders.js';
import { heapPasses } from './heap-passes.js';
import { interleaved, type Throughput } from './interleaved.js';
import { startResponder, type Responder } from './start-responder.js';

const sliceMs = 400;

/** The client beside its peers: against a bare responder and a real OpenBao. Prints tables and writes reports/client-bench.json. */
export async function clientBench({ pairs = 10, only = '' }: BenchArguments): Promise<void> {
  const figures: Record<string, unknown> = { node: process.version };
  const wanted = (part: string): boolean => part.includes(only);
  {
    await using responder = await startResponder();
    const target: Target = { address: responder.address, token: 'bench' };
    if (wanted('responder')) figures['responder'] = await uncached('bare local responder', target, pairs);
    if (wanted('cached')) figures['cached'] = await cached(target, responder, pairs);
  }
  if (wanted('openbao')) {
    const services = await DevServices.start({
      openbao: { faults: false, kv: { bench: { apiKey: 'a-value-of-some-length', user: 'bench' } } },
    });
    const { directAddress: address, rootToken: token } = services.openbao;
    figures['openbao'] = await uncached('real OpenBao', { address, token }, pairs);
    await services.stop();
  }
  console.log(`\nwritten: ${await writeReport('client-bench', figures)}`);
}

async function uncached(where: string, target: Target, rounds: number): Promise<Readonly<Record<string, readonly Throughput[]>>> {
  const own = await keyturn(target, false);
  const bare = bareUndici(target);
  const contenders = [bare, own, ...peers(target)];
  const results: Record<string, readonly Throughput[]> = {};
  for (const inFlight of [1, 64]) {
    const measured = await interleaved(contenders, { inFlight, sliceMs, rounds });
    results[`${inFlight} in flight`] = measured;
    const rows = measured.map(({ name, microseconds, readsPerSecond, costRatio }) => ({
      client: name,
      'us/read': microseconds,
      'reads/s': readsPerSecond,
      'x bare undici': costRatio.median,
      quartiles: `${costRatio.lowerQuartile} to ${costRatio.upperQuartile}`,
    }));
    console.log(`\nuncached KV v2 read, ${where}, ${inFlight} in flight\n${reportTable(rows)}`);
  }
  await own.close?.();
  await bare.close?.();
  return results;
}

async function cached(target: Target, responder: Responder, rounds: number): Promise<object> {
  const own = await keyturn(target, true);
  const before = await responder.requests();
  await Promise.all(Array.from({ length: 1_000 }, () => own.read('cold/secret')));
  const coldCalls = (await responder.requests()) - before;
  const reads = await cachedReads(own.vault, rounds);
  const heap = await heapPasses(own.vault);
  await own.close?.();
  const { speedRatio, mapNanoseconds, vaultNanoseconds } = reads;
  console.log(
    `\ncached read: ${vaultNanoseconds} ns, bare await map.get: ${mapNanoseconds} ns, speed ratio ${speedRatio.median} (${speedRatio.lowerQuartile} to ${speedRatio.upperQuartile})`,
    `\n1,000 concurrent cold reads of one path: ${coldCalls} upstream call`,
    `\n1,000,000 reads of 10,000 paths, heap after each tenth: ${heap.heapMb.join(', ')} MB; growth from the 2nd to the 10th: ${heap.growthMb} MB`,
  );
  return { reads, coldCalls, heap };
}
