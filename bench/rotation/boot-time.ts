import type { DevServices } from '@keyturn/dev-services';
import pg from 'pg';
import { startBenchApplication } from '../support/bench-application.js';
import { spreadOf, type Spread } from '../support/percentiles.js';

export interface BootTime {
  /** Boot to first query, divided by log-in + credentials + connect + query done bare. */
  readonly ratio: Spread;
  readonly moduleMs: number;
  readonly bareMs: number;
}

/** How long an application takes to its first query, beside the same calls made with nothing around them. */
export async function bootTime(services: DevServices, rounds: number): Promise<BootTime> {
  const moduleMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < rounds + 1; round += 1) {
    const bare = await timed(() => bootBare(services));
    const module = await timed(() => bootModule(services));
    if (round === 0) continue;
    bareMs.push(bare);
    moduleMs.push(module);
  }
  const ratio = spreadOf(moduleMs.map((ms, round) => ms / (bareMs[round] ?? Number.NaN)));
  return { ratio, moduleMs: Math.round(spreadOf(moduleMs).median), bareMs: Math.round(spreadOf(bareMs).median) };
}

/** @returns the time until the returned operation's first query, without its clean-up */
async function timed(boot: () => Promise<() => Promise<unknown>>): Promise<number> {
  const startedAt = performance.now();
  const cleanUp = await boot();
  const tookMs = performance.now() - startedAt;
  await cleanUp();
  return tookMs;
}

async function bootModule(services: DevServices): Promise<() => Promise<unknown>> {
  const { context, dataSource } = await startBenchApplication(services, { role: 'dynamic', poolSize: 10 });
  await dataSource.query('SELECT 1');
  return () => context.close();
}

async function bootBare({ openbao, postgres }: DevServices): Promise<() => Promise<unknown>> {
  const { roleId, secretId } = await openbao.approle('bench');
  const login = await call(openbao.address, 'auth/approle/login', { body: { role_id: roleId, secret_id: secretId } });
  const token = login.auth?.client_token ?? '';
  const credentials = await call(openbao.address, 'database/creds/bench', { token });
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
