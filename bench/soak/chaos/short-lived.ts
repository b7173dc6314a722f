import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchApplication } from '../../support/bench-application.js';
import { failureCode } from '../failure-code.js';
import type { ChaosContext } from './fault.js';

const expiryLimitMs = 10_000;
/** On a machine whose cores are all busy. */
const atOnceMs = 500;
const toldToCallers: ReadonlySet<string> = new Set(['DATABASE_CREDENTIALS_EXPIRED', 'DATABASE_CREDENTIALS_UNAVAILABLE']);

/**
 * A second application, whose credentials last for two seconds and so end while Vault is away. Its callers have to be served until
 * then, told at once that there are none from then on, and served again soon after Vault is back.
 */
export class ShortLived implements AsyncDisposable {
  readonly #application: BenchApplication;
  readonly #work: Promise<void>;
  readonly #broken = new Set<string>();
  #stopped = false;
  #hasExpired = false;
  #told = 0;
  #servedAtMs = 0;

  private constructor(application: BenchApplication) {
    this.#application = application;
    application.credentials.subscribe((event) => (this.#hasExpired ||= event.type === 'credentialsExpired'));
    this.#work = this.#ask();
  }

  static async start({ startAnother }: ChaosContext): Promise<ShortLived> {
    return new ShortLived(await startAnother('short'));
  }

  /** Resolves when its credentials have ended and callers are told so. @throws Error when they do not end */
  async expired(): Promise<void> {
    await this.#until(() => this.#hasExpired && this.#told > 0, expiryLimitMs, 'The credentials of two seconds did not expire.');
  }

  /** Resolves when callers are served again. @throws Error when they are not, or were not treated as promised */
  async recoverWithin(limitMs: number): Promise<void> {
    const sinceMs = performance.now();
    await this.#until(() => this.#servedAtMs > sinceMs, limitMs, `Credentials that had expired were not replaced within ${limitMs} ms.`);
    if (this.#broken.size > 0) throw new Error([...this.#broken].join(' '));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#work;
    await this.#application.context.close();
  }

  async #ask(): Promise<void> {
    while (!this.#stopped) {
      const startedAtMs = performance.now();
      try {
        await this.#application.dataSource.query('SELECT 1');
        this.#servedAtMs = performance.now();
      } catch (error) {
        this.#failed(failureCode(error), performance.now() - startedAtMs);
      }
      await sleep(10);
    }
  }

  #failed(code: string, tookMs: number): void {
    this.#told += 1;
    if (!this.#hasExpired) this.#broken.add(`A caller failed before the credentials had expired: ${code}.`);
    else if (!toldToCallers.has(code)) this.#broken.add(`A caller whose credentials have expired got ${code}.`);
    else if (tookMs > atOnceMs) this.#broken.add(`A caller waited for ${Math.round(tookMs)} ms to hear that the credentials have expired.`);
  }

  async #until(reached: () => boolean, limitMs: number, message: string): Promise<void> {
    const startedAtMs = performance.now();
    while (!reached()) {
      if (performance.now() - startedAtMs > limitMs) throw new Error(message);
      await sleep(20);
    }
  }
}
