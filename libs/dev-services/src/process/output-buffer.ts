import { redactSecrets } from './redact-secrets.js';

const KEPT_CHARACTERS = 64 * 1024;

/** The last 64 KiB that a process printed, and a way to wait for a line; the text given out is redacted. */
export class OutputBuffer {
  #text = '';
  readonly #secrets: readonly string[];
  readonly #listeners = new Set<() => void>();

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  append(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT_CHARACTERS);
    for (const listener of this.#listeners) listener();
  }

  includes(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  /** Calls `listener` after every piece of output; returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last `lines` lines with known secrets and anything that looks like a token replaced. */
  lastLines(lines = 20): string {
    return redactSecrets(this.#text.trimEnd(), this.#secrets).split('\n').slice(-lines).join('\n');
  }
}
