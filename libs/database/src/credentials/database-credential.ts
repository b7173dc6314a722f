import { inspect } from 'node:util';

/** A client certificate that a connection presents, PEM encoded. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  readonly certificateAuthority?: string;
}

export interface DatabaseCredentialParts {
  readonly username: string;
  readonly password?: string;
  readonly clientCertificate?: ClientCertificate;
}

/** One login of the database. Shows its user name only: the password and the private key never reach a log, JSON or `inspect()`. */
export class DatabaseCredential {
  readonly username: string;
  readonly #password: string | undefined;
  readonly #clientCertificate: ClientCertificate | undefined;

  constructor(parts: DatabaseCredentialParts) {
    this.username = parts.username;
    this.#password = parts.password;
    this.#clientCertificate = parts.clientCertificate;
  }

  /** The password itself. Call it where it is sent, not where it is stored. */
  revealPassword(): string | undefined {
    return this.#password;
  }

  /** The client certificate with its private key. Call it where it is used, not where it is stored. */
  revealClientCertificate(): ClientCertificate | undefined {
    return this.#clientCertificate;
  }

  /** Whether the other credential logs in with the same user, password and certificate. */
  equals(other: DatabaseCredential): boolean {
    return (
      this.username === other.username &&
      this.#password === other.#password &&
      this.#clientCertificate?.certificate === other.#clientCertificate?.certificate
    );
  }

  toJSON(): { username: string } {
    return { username: this.username };
  }

  toString(): string {
    return `DatabaseCredential(${this.username})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
