import { inspect } from 'node:util';
import { redacted } from './redacted.js';

/** A string that shows itself as `[redacted]` everywhere but in `reveal()`. */
export class SecretValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where it is sent, not where it is stored. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
