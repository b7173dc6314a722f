import { inspect } from 'node:util';

/**
 * A number of Vault's that is no whole number and that JavaScript would round, such as `0.12345678901234567890` or `1e400`: its digits as
 * they were sent. Written back, Vault gets the same digits. Like a `bigint` it is in no JSON before `JSON.rawJSON` (Node 22).
 */
export class ExactNumber {
  /** The digits, for a library that calculates with decimals. A field, so that a copy of the fields has it, too. */
  readonly text: string;

  /** @param text a JSON number (RFC 8259, section 6) */
  constructor(text: string) {
    if (!jsonNumber.test(text)) throw new TypeError('An exact number is made of the text of a JSON number.');
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  /** @throws TypeError where JSON cannot hold it, instead of rounding it */
  toJSON(): unknown {
    const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
    if (rawJSON !== undefined) return rawJSON(this.text);
    throw new TypeError('Do not know how to serialize an ExactNumber: take its `text`.');
  }

  [inspect.custom](): string {
    return `ExactNumber ${this.text}`;
  }
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
