import { Agent, request } from 'node:http';
import { LatencyRecorder } from './latency-recorder.js';
import type { RequestFigures } from '../state/demo-snapshot.js';

/** What is asked for, and how often. */
export interface SteadyLoadPlan {
  /** Of the application, without a path. */
  readonly url: string;
  readonly perSecond: number;
  /** Recipes 1 to this one are read in turn. */
  readonly recipes: number;
}

const CONNECTIONS = 8;
const TIMEOUT_MS = 10_000;

/** Reads recipes over keep-alive connections at a steady rate, however long an answer takes, and counts what comes back. */
export class SteadyLoad {
  readonly #plan: SteadyLoadPlan;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #latency = new LatencyRecorder();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #failures = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #startedAtMs = 0;
  #sent = 0;
  #ok = 0;

  constructor(plan: SteadyLoadPlan) {
    this.#plan = plan;
  }

  start(): void {
    this.#startedAtMs = performance.now();
    this.#timer = setInterval(() => this.#sendDue(), 1_000 / this.#plan.perSecond);
  }

  get figures(): RequestFigures {
    const elapsedSeconds = Math.max(0.001, (performance.now() - this.#startedAtMs) / 1_000);
    return {
      ok: this.#ok,
      failed: [...this.#failures.values()].reduce((sum, count) => sum + count, 0),
      perSecond: this.#sent / elapsedSeconds,
      p50Ms: this.#latency.percentileMs(50),
      p99Ms: this.#latency.percentileMs(99),
    };
  }

  /** Why requests failed, with how often. */
  get failures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failures);
  }

  /** Sends no more and waits for the answers that are due. Idempotent. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#agent.destroy();
  }

  /** Catches up after a pause of this process, so that the rate holds. */
  #sendDue(): void {
    const due = Math.floor(((performance.now() - this.#startedAtMs) / 1_000) * this.#plan.perSecond);
    while (this.#sent < due) {
      this.#sent += 1;
      const answered = this.#read((this.#sent % this.#plan.recipes) + 1).finally(() => this.#inFlight.delete(answered));
      this.#inFlight.add(answered);
    }
  }

  async #read(id: number): Promise<void> {
    const startedAtMs = performance.now();
    const outcome = await getRecipe(`${this.#plan.url}/recipes/${id}`, this.#agent);
    if (outcome === 'ok') {
      this.#ok += 1;
      this.#latency.record(performance.now() - startedAtMs);
    } else this.#failures.set(outcome, (this.#failures.get(outcome) ?? 0) + 1);
  }
}

/** `ok`, or why the recipe was not served. */
function getRecipe(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent, timeout: TIMEOUT_MS }, (response) => {
      response.once('error', () => resolve('answer cut off'));
      response.once('end', () => resolve(response.statusCode === 200 ? 'ok' : `status ${response.statusCode}`));
      response.resume();
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    outgoing.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    outgoing.end();
  });
}
