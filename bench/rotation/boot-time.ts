import type { DevServices } from '@keyturn/dev-services';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { BareVault } from '../support/bare-vault.js';
import { startBenchApplication, type BenchAppRole } from '../support/bench-application.js';
import { plainUser } from '../support/bench-services.js';
import { spreadOf, type Spread } from '../support/percentiles.js';

const poolSize = 10;

export interface BootTime {
  /** Boot to first query, divided by log-in + credentials + connect + query done bare. */
  readonly ratio: Spread;
  /**
   * The same, divided by what an application needs that makes the two calls to Vault by hand: log-in + credentials done bare, and the
   * boot of Nest and TypeORM with a fixed user. What is above 1 is ours.
   */
  readonly ratioToFramework: Spread;
  /** CPU time of this process for a boot, divided by that of the bare calls. */
  readonly cpuRatio: Spread;
  readonly moduleMs: number;
  readonly bareMs: number;
  /** The log-in and credentials of `bareMs`. */
  readonly bareVaultMs: number;
  /** Nest and TypeORM alone, with a fixed user and no Vault, to the first query. */
  readonly plainMs: number;
}

@Module({})
class PlainModule {}

interface Boot {
  readonly ms: number;
  readonly cpuMs: number;
}

interface Round {
  readonly bare: Boot;
  readonly module: Boot;
  readonly plain: Boot;
  readonly vaultMs: number;
}

/** How long an application takes to its first query, beside the same calls made with nothing around them, and beside plain Nest and TypeORM. */
export async function bootTime(services: DevServices, rounds: number): Promise<BootTime> {
  await runRound(services, false);
  const run: Round[] = [];
  for (let round = 0; round < rounds; round += 1) run.push(await runRound(services, round % 2 === 1));
  const over = (ratio: (round: Round) => number): Spread => spreadOf(run.map(ratio));
  const middle = (of: (round: Round) => number): number => Math.round(over(of).median * 10) / 10;
  return {
    ratio: over(({ module, bare }) => module.ms / bare.ms),
    ratioToFramework: over(({ module, plain, vaultMs }) => module.ms / (vaultMs + plain.ms)),
    cpuRatio: over(({ module, bare }) => module.cpuMs / bare.cpuMs),
    moduleMs: middle(({ module }) => module.ms),
    bareMs: middle(({ bare }) => bare.ms),
    bareVaultMs: middle(({ vaultMs }) => vaultMs),
    plainMs: middle(({ plain }) => plain.ms),
  };
}

export function printBoot({ ratio, ratioToFramework, cpuRatio, ...ms }: BootTime): void {
  console.log(
    `boot to first query: ${ms.moduleMs} ms; bare: ${ms.bareMs} ms, ratio ${withQuartiles(ratio)}, of CPU time ${withQuartiles(cpuRatio)}; ` +
      `Nest and TypeORM with a fixed user ${ms.plainMs} ms + bare log-in and credentials ${ms.bareVaultMs} ms, ` +
      `ratio ${withQuartiles(ratioToFramework)}`,
  );
}

/** One boot of each kind. The order changes from round to round. */
async function runRound(services: DevServices, isReversed: boolean): Promise<Round> {
  // Before the clock starts: an application is given its role id and secret id.
  const [forBare, forModule] = [await services.openbao.approle('bench'), await services.openbao.approle('bench')];
  let vaultMs = 0;
  const bare = (): Promise<Boot> => timed(() => bootBare(services, forBare, (ms) => (vaultMs = ms)));
  const module = (): Promise<Boot> => timed(() => bootModule(services, forModule));
  const plain = await timed(() => bootPlain(services));
  if (!isReversed) return { bare: await bare(), module: await module(), plain, vaultMs };
  const last = await module();
  return { bare: await bare(), module: last, plain, vaultMs };
}

/** @returns the time until the returned operation's first query, without its clean-up */
async function timed(boot: () => Promise<() => Promise<unknown>>): Promise<Boot> {
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const cleanUp = await boot();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  await cleanUp();
  return { ms, cpuMs: (user + system) / 1_000 };
}

async function bootModule(services: DevServices, appRole: BenchAppRole): Promise<() => Promise<unknown>> {
  const { context, dataSource } = await startBenchApplication(services, { role: 'dynamic', poolSize, appRole });
  await dataSource.query('SELECT 1');
  return () => context.close();
}

async function bootPlain({ postgres: { host, port, database } }: DevServices): Promise<() => Promise<unknown>> {
  const typeorm = TypeOrmModule.forRoot({ type: 'postgres', host, port, database, poolSize, ...plainUser });
  const context = await NestFactory.createApplicationContext({ module: PlainModule, imports: [typeorm] }, { logger: false });
  await context.get(DataSource).query('SELECT 1');
  return () => context.close();
}

async function bootBare(
  { openbao, postgres }: DevServices,
  appRole: BenchAppRole,
  onCredentials: (afterMs: number) => void,
): Promise<() => Promise<unknown>> {
  const startedAt = performance.now();
  const vault = await BareVault.login(openbao.address, appRole);
  const credentials = await vault.credentials('bench');
  onCredentials(performance.now() - startedAt);
  const { host, port, database } = postgres;
  const client = new pg.Client({ host, port, database, user: credentials.username, password: credentials.password });
  await client.connect();
  await client.query('SELECT 1');
  return async () => {
    await client.end();
    await vault.revoke(credentials);
  };
}

function withQuartiles({ median, lowerQuartile, upperQuartile }: Spread): string {
  return `${median} (${lowerQuartile} to ${upperQuartile})`;
}
