/** The parts of a URL with user info that say who asks whom. */
export interface UserUrl {
  /** User and password as they stand there: nobody may have encoded them, so that they hold `/`, `@` and `:` as well. */
  readonly user: string;
  /** Empty where it cannot be told. */
  readonly host: string;
  /** With its colon; empty where there is none. */
  readonly port: string;
}

const schemeEnd = /[a-z][\w+.-]{0,30}:\/\//i;
const hostAndPort = /(?<host>\[[\da-f:.]+\]|[\w.-]*)(?<port>:\d+)?(?=[/?#\s"']|$)/iy;

/**
 * What stands between the scheme of the first URL in a text and the last `@` that a host follows, or the last `@` at all; nothing for a text
 * without. The text may be long, and anything: the time grows with its length, and not faster.
 */
export function userUrl(text: string): UserUrl | undefined {
  const scheme = schemeEnd.exec(text);
  const start = scheme === null ? text.length : scheme.index + scheme[0].length;
  const last = text.lastIndexOf('@');
  if (last < start) return undefined;
  for (let at = last; at >= start; at = at === 0 ? -1 : text.lastIndexOf('@', at - 1)) {
    hostAndPort.lastIndex = at + 1;
    const { host, port = '' } = hostAndPort.exec(text)?.groups ?? {};
    const user = text.slice(start, at);
    // What stands after a question mark may be a password of the query.
    if (host !== undefined) return user.includes('?') ? { user, host: '', port: '' } : { user, host, port };
  }
  return { user: text.slice(start, last), host: '', port: '' };
}
