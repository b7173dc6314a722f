import { LRUCache } from 'lru-cache';
import type { Clock } from '../../support/time/clock.js';
import type { VaultResponse } from '../answer/vault-response.js';
import type { CachedAnswer, Shortcut } from './cached-answer.js';
import type { CacheOptions } from './cache-options.js';

/** Moving an answer to the front of the LRU order costs as much as finding it, so it is done once in this time. */
const touchEveryMs = 1_000;

/** Where an answer is kept and for how long. */
export interface Keeping {
  readonly key: string;
  readonly resource: string;
  /** Instead of the default TTL. */
  readonly ttlMs?: number | undefined;
  /** When it was asked for: what Vault said was true then, or a moment later. Default: now. */
  readonly sinceMs?: number | undefined;
}

/**
 * Answers by key, at most `maxEntries`, each with its own end; forgets all that belongs to a resource at once.
 *
 * Decides: how long an answer is fresh, how long it may serve as stale, and which one goes first. Does not decide: which answers are kept,
 * and what makes them untrue (`CacheInterceptor`).
 */
export class ResponseCache {
  readonly #clock: Clock;
  readonly #staleMs: number;
  readonly #entries: LRUCache<string, CachedAnswer>;
  readonly #byResource = new Map<string, Set<string>>();
  readonly #byResponse = new WeakMap<VaultResponse, CachedAnswer>();
  readonly #shortcuts = new Map<string, Shortcut>();
  #ttlMs: number;
  #evictions = 0;

  constructor(options: CacheOptions, clock: Clock) {
    this.#clock = clock;
    this.#ttlMs = options.ttlMs;
    this.#staleMs = options.staleIfUnavailableMs;
    this.#entries = new LRUCache({
      max: options.maxEntries,
      dispose: (answer, _key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
        this.#unlink(answer);
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** The answer, fresh or stale; undefined when there is none that may still serve. */
  find(key: string): CachedAnswer | undefined {
    const answer = this.#entries.get(key);
    if (answer === undefined || answer.staleUntilMs > this.#clock.nowMs()) return answer;
    this.#entries.delete(key);
    return undefined;
  }

  isFresh(answer: CachedAnswer): boolean {
    return answer.freshUntilMs > this.#clock.nowMs();
  }

  store(response: VaultResponse, { key, resource, ttlMs = this.#ttlMs, sinceMs = Number.POSITIVE_INFINITY }: Keeping): void {
    const nowMs = this.#clock.nowMs();
    const freshUntilMs = Math.min(sinceMs, nowMs) + ttlMs;
    const staleUntilMs = freshUntilMs + this.#staleMs;
    const answer: CachedAnswer = { key, resource, response, freshUntilMs, staleUntilMs, askAgainAtMs: 0 };
    this.#entries.set(key, answer);
    const keys = this.#byResource.get(resource);
    if (keys === undefined) this.#byResource.set(resource, new Set([key]));
    else keys.add(key);
    this.#byResponse.set(response, answer);
  }

  /** Keeps `value` for callers who ask by `name` alone, for as long as the answer that it was made from is fresh. */
  addShortcut(name: string, response: VaultResponse, value: Promise<unknown>): void {
    const answer = this.#byResponse.get(response);
    if (answer === undefined || this.#entries.peek(answer.key) !== answer) return;
    if (answer.shortcut !== undefined) this.#shortcuts.delete(answer.shortcut.name);
    answer.shortcut = { name, value, answer, serveUntilMs: 0 };
    this.#shortcuts.set(name, answer.shortcut);
  }

  /** The value kept under `name`, while its answer is fresh. The fast path of `getSecret`. */
  recall(name: string): Promise<unknown> | undefined {
    const shortcut = this.#shortcuts.get(name);
    if (shortcut === undefined) return undefined;
    const nowMs = this.#clock.nowMs();
    return nowMs < shortcut.serveUntilMs ? shortcut.value : this.#lookAgain(shortcut, nowMs);
  }

  /** Whether the answer is still fresh; if so, it is moved to the front, and its shortcut serves until the next look. */
  #lookAgain(shortcut: Shortcut, nowMs: number): Promise<unknown> | undefined {
    const { key, freshUntilMs } = shortcut.answer;
    if (freshUntilMs <= nowMs) return undefined;
    this.#entries.get(key);
    shortcut.serveUntilMs = Math.min(freshUntilMs, nowMs + touchEveryMs);
    return shortcut.value;
  }

  forgetResource(resource: string): void {
    for (const key of this.#byResource.get(resource) ?? []) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** TTL of answers stored from now on. */
  setTtl(ttlMs: number): void {
    this.#ttlMs = ttlMs;
  }

  #unlink(answer: CachedAnswer): void {
    const keys = this.#byResource.get(answer.resource);
    // A replaced answer leaves its key to the new one: `set` disposes of the old first, and adds the key again.
    keys?.delete(answer.key);
    if (keys?.size === 0) this.#byResource.delete(answer.resource);
    if (answer.shortcut !== undefined && this.#shortcuts.get(answer.shortcut.name) === answer.shortcut)
      this.#shortcuts.delete(answer.shortcut.name);
  }
}
