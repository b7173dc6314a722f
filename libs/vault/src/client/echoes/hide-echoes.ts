import { redacted } from '../../support/redaction/redacted.js';
import { ordinaryWords } from './ordinary-words.js';
import { formsOf, sentValues } from './sent-values.js';
import { userUrl, type UserUrl } from './user-url.js';
import type { VaultRequest } from '../request/vault-request.js';

/** A run that is shorter may stand in a sentence by chance. */
const shortestRun = 5;
/** A whole value that is shorter is hidden as a word only. */
const shortestValue = 4;
/** To look for the parts of more than that takes too long; then no word of the answer is shown. */
const mostSent = 32_768;
const longestText = 4_096;

const word = /[\p{L}\p{N}]+/gu;

/**
 * A text of Vault (an error, a warning) without anything of the request that it may echo: each value of body and query and the token,
 * whole or in part (what stands between delimiters or in quotation marks, any longer run), in any form that it may be quoted in. Where it
 * cannot be told whether a word is an echo, nothing of the text is shown.
 *
 * Decides: which characters of a text are shown. Does not decide: which values were sent (`sent-values.ts`), and which words are those of
 * Vault's own messages (`ordinary-words.ts`).
 */
export function hideEchoes(text: string, request: VaultRequest): string {
  const values = sentValues(request);
  if (values.length === 0 || text === '') return text;
  if (values.reduce((sum, { length }) => sum + length, 0) > mostSent) return redacted;
  const sent = [...new Set(values.flatMap(formsOf).map(lowered))];
  const echoes = new Echoes(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
  echoes.markPieces(sent);
  echoes.markRuns(sent);
  echoes.keepWords(ordinaryWords);
  echoes.markQuoted(sent);
  const urls = values.flatMap((value) => userUrl(value) ?? []);
  for (const host of hostsOf(urls, values)) echoes.keep(host);
  for (const value of sent) if (value.length >= shortestValue) echoes.mark(value);
  return echoes.hasWordOf(ordinaryWords, wordsOfPasswords(urls)) ? redacted : echoes.hidden();
}

/** Hosts of URLs, with and without their port, which help whoever reads the message, unless they stand elsewhere in what was sent. */
function hostsOf(urls: readonly UserUrl[], values: readonly string[]): readonly string[] {
  const hosts = urls.flatMap(({ host, port }) => (host === '' ? [] : [`${host}${port}`, host])).map(lowered);
  const all = values.map(lowered);
  return hosts.filter((host) => all.every((value) => value.split(host).length <= (value.includes(`@${host}`) ? 2 : 1)));
}

function wordsOfPasswords(urls: readonly UserUrl[]): ReadonlySet<string> {
  const passwords = urls.map(({ user }) => user.slice(user.indexOf(':') + 1));
  // `{{password}}` is what Vault fills in.
  return new Set(passwords.flatMap((password) => lowered(password.replaceAll(/\{\{\w+\}\}/g, ' ')).match(word) ?? []));
}

/** Letters of ASCII alone, so that places in the text stay the same. */
function lowered(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The places of a text that are echoes. */
class Echoes {
  readonly #text: string;
  readonly #lowered: string;
  readonly #isEcho: boolean[];

  constructor(text: string) {
    this.#text = text;
    this.#lowered = lowered(text);
    this.#isEcho = Array.from<boolean>({ length: text.length }).fill(false);
  }

  mark(part: string, isEcho = true): void {
    if (part === '') return;
    for (let at = this.#lowered.indexOf(part); at >= 0; at = this.#lowered.indexOf(part, at + 1)) this.#set(at, part.length, isEcho);
  }

  keep(part: string): void {
    this.mark(part, false);
  }

  /** Words that stand between delimiters in what was sent. */
  markPieces(sent: readonly string[]): void {
    const pieces = new Set(sent.flatMap((value) => value.match(word) ?? []));
    for (const { 0: found, index } of this.#lowered.matchAll(word)) if (pieces.has(found)) this.#set(index, found.length, true);
  }

  markRuns(sent: readonly string[]): void {
    const places = new Map<string, number[]>();
    for (let at = 0; at + shortestRun <= this.#lowered.length; at += 1) {
      const run = this.#lowered.slice(at, at + shortestRun);
      const known = places.get(run);
      if (known === undefined) places.set(run, [at]);
      else known.push(at);
    }
    for (const value of sent) {
      for (let at = 0; at + shortestRun <= value.length; at += 1) {
        const run = value.slice(at, at + shortestRun);
        places.get(run)?.forEach((place) => this.#set(place, shortestRun, true));
        places.delete(run);
      }
    }
  }

  /** Whatever stands in quotation marks and was sent, be it a single character. */
  markQuoted(sent: readonly string[]): void {
    const all = sent.join('\n');
    for (const { 0: mark, index } of this.#lowered.matchAll(/["'`]/g)) {
      const end = this.#lowered.indexOf(mark, index + 1);
      const quoted = this.#lowered.slice(index + 1, Math.max(end, index + 1));
      if (quoted !== '' && all.includes(quoted)) this.#set(index + 1, quoted.length, true);
    }
  }

  keepWords(words: ReadonlySet<string>): void {
    for (const { 0: found, index } of this.#lowered.matchAll(word)) if (words.has(found)) this.#set(index, found.length, false);
  }

  /** Whether a word that is still shown is in both sets. */
  hasWordOf(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
    return [...this.#lowered.matchAll(word)].some(({ 0: found, index }) => one.has(found) && other.has(found) && !this.#isEcho[index]);
  }

  /** The text with its echoes replaced; what little stands between two of them goes as well. */
  hidden(): string {
    let shown = '';
    for (let at = 0; at < this.#text.length; at += 1) {
      if (this.#isEcho[at] !== true) shown += this.#text[at];
      else if (this.#isEcho[at - 1] !== true) shown += redacted;
    }
    return shown.replaceAll(/(?:\[redacted\][^\p{L}\p{N}\s[\]]{0,3})+\[redacted\]/gu, redacted);
  }

  #set(from: number, length: number, isEcho: boolean): void {
    this.#isEcho.fill(isEcho, from, from + length);
  }
}
