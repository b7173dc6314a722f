import { domainToUnicode } from 'node:url';

const parts = /^https?:\/\/(?:[^\s\\/?#]*@)?(?<host>\[[\da-f:.]+\]|[^\s\\/?#:@[\]]+)(?::\d*)?\/?$/iu;

/**
 * Whether a URL of http or https asks the host that people read in it, and names nothing but that, a port and user info. A URL parser drops
 * line breaks and what cannot be seen, adds slashes, turns backslashes, decodes, and takes `0127.0.0.1` for 87.0.0.1.
 */
export function isPlainUrl(value: string): boolean {
  const host = parts.exec(value)?.groups?.['host']?.toLowerCase();
  if (host === undefined || !URL.canParse(value)) return false;
  const { hostname } = new URL(value);
  return host.startsWith('[') || host === hostname || host.normalize('NFC') === domainToUnicode(hostname);
}
