import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a load has met so far. */
export interface LoadReport {
  readonly requests: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without an answer, by error code. */
  readonly errors: Readonly<Record<string, number>>;
  /** First bodies of answers that were not 200. */
  readonly samples: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LoadOptions {
  readonly clients: number;
  readonly paths: readonly string[];
  /** Pause of a client between an answer and its next request. */
  readonly thinkMs?: number;
}

/** Clients over HTTP, each with one keep-alive connection and one request at a time, until they are stopped. */
export class Load {
  readonly #url: string;
  readonly #options: LoadOptions;
  readonly #statuses = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #samples: string[] = [];
  readonly #latenciesMs: number[] = [];
  readonly #clients: Promise<void>[];
  #stopped = false;

  constructor(url: string, options: LoadOptions) {
    this.#url = url;
    this.#options = options;
    this.#clients = Array.from({ length: options.clients }, (_, index) => this.#client(index));
  }

  /** Requests that have been answered. */
  get answered(): number {
    return this.#latenciesMs.length;
  }

  get report(): LoadReport {
    const sorted = this.#latenciesMs.toSorted((left, right) => left - right);
    const at = (share: number): number =>
      Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
    return {
      requests: sorted.length + [...this.#errors.values()].reduce((sum, errors) => sum + errors, 0),
      statuses: Object.fromEntries(this.#statuses),
      errors: Object.fromEntries(this.#errors),
      samples: this.#samples,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
    };
  }

  /** Lets every client finish its request. */
  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    return this.report;
  }

  async #client(index: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { paths, thinkMs = 0 } = this.#options;
    for (let turn = index; !this.#stopped; turn += 1) {
      await this.#ask(paths[turn % paths.length] ?? '/', agent);
      // Not at once even without a pause: a refused connection must not spin.
      await sleep(thinkMs);
    }
    agent.destroy();
  }

  async #ask(path: string, agent: Agent): Promise<void> {
    const startedMs = performance.now();
    try {
      const outgoing = request(new URL(path, this.#url), { agent });
      outgoing.end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      const body = await textOf(response);
      this.#latenciesMs.push(performance.now() - startedMs);
      count(this.#statuses, String(response.statusCode));
      if (response.statusCode !== 200 && this.#samples.length < 10) this.#samples.push(`${path}: ${body}`);
    } catch (error) {
      count(this.#errors, error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk as string;
  return text;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
