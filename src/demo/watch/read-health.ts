import { get } from 'node:http';
import type { DatabaseFacts, HealthFacts } from '../state/health-facts.js';

const TIMEOUT_MS = 2_000;

/** Asks `GET /health`; undefined when the application does not answer in time or answers something else. */
export function readHealth(url: string): Promise<HealthFacts | undefined> {
  return new Promise((resolve) => {
    const outgoing = get(`${url}/health`, { timeout: TIMEOUT_MS, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', () => resolve(undefined));
      response.once('end', () => resolve(healthFactsOf(text)));
    });
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('error', () => resolve(undefined));
    outgoing.once('close', () => resolve(undefined));
  });
}

/** The facts in a health answer; undefined when it is none. */
export function healthFactsOf(text: string): HealthFacts | undefined {
  const { status, details } = record(parse(text));
  if (typeof status !== 'string') return undefined;
  const { vault, leases, database } = record(details);
  return { status, token: tokenOf(vault), leases: leasesOf(leases), database: databaseOf(database) };
}

function tokenOf(vault: unknown): HealthFacts['token'] {
  const { state, tokenTtlSeconds } = record(vault);
  return typeof state === 'string' ? { state, ttlSeconds: number(tokenTtlSeconds) } : undefined;
}

function leasesOf(leases: unknown): HealthFacts['leases'] {
  const { count, soonestExpirySeconds } = record(leases);
  return typeof count === 'number' ? { count, soonestExpirySeconds: number(soonestExpirySeconds) } : undefined;
}

function databaseOf(database: unknown): DatabaseFacts | undefined {
  const { generation, credentialTtlSeconds, inUse, waiting, draining } = record(database);
  if (typeof generation !== 'number') return undefined;
  return {
    generation,
    credentialTtlSeconds: number(credentialTtlSeconds),
    inUse: number(inUse) ?? 0,
    waiting: number(waiting) ?? 0,
    draining: number(draining) ?? 0,
  };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
