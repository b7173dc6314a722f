import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
const keyBytes = 32;

interface DerivedKey {
  readonly password: string;
  readonly salt: string;
  readonly iterations: number;
  readonly saltedPassword: Promise<Buffer | undefined>;
}

/**
 * The salted password with which the connections of one pool log in. Server and password are the same for all of them, and so is the salt:
 * the thousands of hashes are computed for the first connection, and not for each one that a rotation opens beside a running load.
 * It is as secret as the password, and is kept as long, by the same pool. Inspection and JSON do not show it.
 */
export class ScramKeys {
  #last: DerivedKey | undefined;

  /**
   * @param salt in base64, as the server sends it
   * @returns undefined where it cannot be derived (more iterations than OpenSSL counts); nothing is remembered then
   */
  saltedPassword(password: string, salt: string, iterations: number): Promise<Buffer | undefined> {
    const last = this.#last;
    if (last?.password === password && last.salt === salt && last.iterations === iterations) return last.saltedPassword;
    const derived = derive(password, Buffer.from(salt, 'base64'), iterations, keyBytes, 'sha256');
    const saltedPassword = derived.catch(() => {
      if (this.#last?.saltedPassword === saltedPassword) this.#last = undefined;
      return undefined;
    });
    this.#last = { password, salt, iterations, saltedPassword };
    return saltedPassword;
  }
}
