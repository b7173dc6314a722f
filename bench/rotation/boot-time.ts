import type { DevServices } from '@keyturn/dev-services';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
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
  readonly moduleMs: number;
  readonly bareMs: number;
  /** The log-in and credentials of `bareMs`. */
  readonly bareVaultMs: number;
  /** Nest and TypeORM alone, with a fixed user and no Vault, to the first query. */
  readonly plainMs: number;
}

@Module({})
class PlainModule {}

/** How long an application takes to its first query, beside the same calls made with nothing around them, and beside plain Nest and TypeORM. */
export async function bootTime(services: DevServices, rounds: number): Promise<BootTime> {
  const moduleMs: number[] = [];
  const bareMs: number[] = [];
  const bareVaultMs: number[] = [];
  const plainMs: number[] = [];
  for (let round = 0; round < rounds + 1; round += 1) {
    // Before the clock starts: an application is given its role id and secret id.
    const [forBare, forModule] = [await services.openbao.approle('bench'), await services.openbao.approle('bench')];
    let vaultMs = 0;
    const bare = await timed(() => bootBare(services, forBare, (ms) => (vaultMs = ms)));
    const module = await timed(() => bootModule(services, forModule));
    const plain = await timed(() => bootPlain(services));
    if (round === 0) continue;
    bareMs.push(bare);
    bareVaultMs.push(vaultMs);
    moduleMs.push(module);
    plainMs.push(plain);
  }
  const over = (base: (round: number) => number): Spread => spreadOf(moduleMs.map((ms, round) => ms / base(round)));
  return {
    ratio: over((round) => at(bareMs, round)),
    ratioToFramework: over((round) => at(bareVaultMs, round) + at(plainMs, round)),
    moduleMs: middle(moduleMs),
    bareMs: middle(bareMs),
    bareVaultMs: middle(bareVaultMs),
    plainMs: middle(plainMs),
  };
}

function at(list: readonly number[], round: number): number {
  return list[round] ?? Number.NaN;
}

function middle(list: readonly number[]): number {
  return Math.round(spreadOf(list).median * 10) / 10;
}

/** @returns the time until the returned operation's first query, without its clean-up */
async function timed(boot: () => Promise<() => Promise<unknown>>): Promise<number> {
  const startedAt = performance.now();
  const cleanUp = await boot();
  const tookMs = performance.now() - startedAt;
  await cleanUp();
  return tookMs;
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
  { roleId, secretId }: BenchAppRole,
  onCredentials: (afterMs: number) => void,
): Promise<() => Promise<unknown>> {
  const startedAt = performance.now();
  const login = await call(openbao.address, 'auth/approle/login', { body: { role_id: roleId, secret_id: secretId } });
  const token = login.auth?.client_token ?? '';
  const credentials = await call(openbao.address, 'database/creds/bench', { token });
  onCredentials(performance.now() - startedAt);
  const { host, port, database } = postgres;
  const client = new pg.Client({ host, port, database, user: credentials.data?.username, password: credentials.data?.password });
  await client.connect();
  await client.query('SELECT 1');
  return async () => {
    await client.end();
    await openbao.api('POST', 'sys/leases/revoke', { lease_id: credentials.lease_id });
  };
}

interface Answer {
  readonly lease_id: string;
  readonly auth?: { readonly client_token: string };
  readonly data?: { readonly username: string; readonly password: string };
}

async function call(address: string, path: string, { body, token }: { body?: object; token?: string }): Promise<Answer> {
  const response = await fetch(`${address}/v1/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: token === undefined ? {} : { 'X-Vault-Token': token },
  });
  return (await response.json()) as Answer;
}
