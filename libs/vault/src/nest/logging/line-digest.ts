import type { Clock } from '../../support/time/clock.js';

export interface DigestOptions {
  readonly clock: Clock;
  readonly write: (level: LineLevel, line: string) => void;
}

export type LineLevel = 'log' | 'warn';

/** One thing of which many may happen at once. */
export interface DigestedLine {
  /** What happened, the same for all that are counted together: `renewed`, `lost (expired)`. */
  readonly kind: string;
  readonly level: LineLevel;
  /** To what it happened. */
  readonly name: string;
  /** The line when it happens to one. */
  readonly line: string;
}

interface Window {
  readonly level: LineLevel;
  readonly names: Map<string, number>;
  more: number;
  /** What to write where only one more came. */
  latest: string;
  readonly cancel: () => void;
}

const windowMs = 1_000;
const mostNames = 5;

/** Writes the first line of a kind at once, and what follows within a second as one line with a count: ten thousand leases end in two. */
export class LineDigest {
  readonly #options: DigestOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  add({ kind, level, name, line }: DigestedLine): void {
    const open = this.#windows.get(kind);
    if (open === undefined) {
      const cancel = this.#options.clock.setTimer(() => this.#close(kind), windowMs);
      this.#windows.set(kind, { level, names: new Map(), more: 0, latest: line, cancel });
      this.#options.write(level, line);
      return;
    }
    open.more += 1;
    open.latest = line;
    if (open.names.has(name) || open.names.size < mostNames) open.names.set(name, (open.names.get(name) ?? 0) + 1);
  }

  /** Writes now what was counted. */
  flush(): void {
    for (const kind of this.#windows.keys()) this.#close(kind);
  }

  #close(kind: string): void {
    const window = this.#windows.get(kind);
    if (window === undefined) return;
    window.cancel();
    this.#windows.delete(kind);
    if (window.more === 0) return;
    this.#options.write(
      window.level,
      window.more === 1 ? window.latest : `${window.more} more leases within a second: ${kind}; ${listed(window)}.`,
    );
  }
}

function listed({ names, more }: Window): string {
  const named = [...names].map(([name, count]) => (count === 1 ? name : `${name} (${count})`));
  const unnamed = more - [...names.values()].reduce((sum, count) => sum + count, 0);
  return [...named, ...(unnamed === 0 ? [] : [`${unnamed} of other names`])].join(', ');
}
