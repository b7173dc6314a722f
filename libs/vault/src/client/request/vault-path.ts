import { VaultPathError } from '../../errors/vault-path.error.js';

// Control characters, and the separators that a URL parser or a proxy could read as the end of the path.
// eslint-disable-next-line no-control-regex -- refusing control characters is the purpose
const forbidden = /[\u0000-\u001f\u007f\\]/u;
const loneSurrogate = /\p{Surrogate}/u;
const longestPath = 4_096;

/**
 * Turns names into the path of a request, each segment percent-encoded once, so that it reaches the endpoint it names
 * or nothing at all. A part may hold several segments (`app/config`).
 * @throws VaultPathError for what is no string, for empty, `.` and `..` segments (also percent-encoded ones), backslashes, control characters,
 * lone surrogates, and paths over 4,096 characters
 */
export function vaultPath(...parts: readonly string[]): string {
  const path = parts.map(encodePart).join('/');
  if (path.length > longestPath) {
    throw new VaultPathError(`A path of ${path.length} characters is longer than the ${longestPath} that Keyturn sends.`, {
      remedy: 'Shorten the name.',
    });
  }
  return path;
}

/** Most names need no encoding; to find that out in one pass is much cheaper than to encode them. */
const plainPart = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

function encodePart(part: string): string {
  if (typeof part !== 'string') {
    throw new VaultPathError('A part of the path is not text.', { remedy: 'Name the mount and the path as strings.' });
  }
  if (plainPart.test(part)) return part;
  return part
    .split('/')
    .map((segment) => encodeSegment(segment, part))
    .join('/');
}

function encodeSegment(segment: string, part: string): string {
  const refuse = (problem: string): never => {
    throw new VaultPathError(`The path ${printable(part)} ${problem}.`, {
      remedy: 'Name the mount and the path without leading, trailing or doubled slashes and without relative segments.',
    });
  };
  if (segment === '') refuse('has an empty segment');
  if (forbidden.test(segment)) refuse('has a backslash or a control character');
  if (loneSurrogate.test(segment)) refuse('has half of a surrogate pair');
  // A URL parser folds `%2e%2e` like `..`, so the decoded form is what counts.
  const decoded = segment.replaceAll(/%2e/gi, '.');
  if (decoded === '.' || decoded === '..') refuse('has a relative segment');
  return encodeURIComponent(segment);
}

function printable(part: string): string {
  const short = part.length > 80 ? `${part.slice(0, 80)}…` : part;
  return JSON.stringify(short.replaceAll(/[\ud800-\udfff]/g, '\ufffd'));
}
