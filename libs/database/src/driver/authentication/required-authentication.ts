/** How a server may have a client prove itself, in the words of libpq; `none`: not at all, or by the certificate of the TLS connection. */
export type AuthenticationMethod = 'scram-sha-256' | 'md5' | 'password' | 'none';

const methods: ReadonlySet<string> = new Set<AuthenticationMethod>(['scram-sha-256', 'md5', 'password', 'none']);
/** Whoever reads along has the password, or what the server takes in its place. */
const revealing: ReadonlySet<string> = new Set<AuthenticationMethod>(['md5', 'password']);

/**
 * What a server may ask for, after libpq's `require_auth` (PostgreSQL, 32.1.2): a list of methods, of which it has to ask for one; or of
 * methods with a `!` in front, which it may not ask for. Unlike libpq's, the default does not give the password to whoever asks for it:
 * `md5` and `password` take a verified TLS connection, unless the list names them.
 */
export class RequiredAuthentication {
  readonly #only: ReadonlySet<string> | undefined;
  readonly #never: ReadonlySet<string>;

  private constructor(only: ReadonlySet<string> | undefined, never: ReadonlySet<string>) {
    this.#only = only;
    this.#never = never;
  }

  /** @returns undefined for a list that is none */
  static read(list: string): RequiredAuthentication | undefined {
    const names = list.split(',').map((name) => name.trim());
    const negative = names.filter((name) => name.startsWith('!'));
    const known = names.every((name) => methods.has(name.replace(/^!/, '')));
    if (!known || (negative.length > 0 && negative.length < names.length)) return undefined;
    return negative.length === 0
      ? new RequiredAuthentication(new Set(names), new Set())
      : new RequiredAuthentication(undefined, new Set(negative.map((name) => name.slice(1))));
  }

  static byDefault(): RequiredAuthentication {
    return new RequiredAuthentication(undefined, new Set());
  }

  /** @param verified whether the connection is TLS and the server's certificate was verified */
  permits(method: AuthenticationMethod, verified: boolean): boolean {
    if (this.#only !== undefined) return this.#only.has(method);
    return !this.#never.has(method) && (verified || !revealing.has(method));
  }

  /** Whether a verified connection would do. */
  asksForTls(method: AuthenticationMethod): boolean {
    return this.permits(method, true);
  }
}
