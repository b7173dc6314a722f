import { readFile } from 'node:fs/promises';
import { errorCodeOf } from '../client/http/transport-error.js';
import { VaultConfigurationError } from '../errors/vault-configuration.error.js';
import { isVaultError } from '../errors/is-vault-error.js';
import { VaultServerError } from '../errors/vault-server.error.js';
import { VaultTimeoutError } from '../errors/vault-timeout.error.js';
import { abandonable } from '../support/abandonable.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { shownSetting, type Setting } from '../support/checked/setting.js';
import { checkCredential, emptyCredential, namedSetting, type CredentialInput } from './credential-input.js';

/** A log-in that nobody can give up. */
const unlimited = new AbortController().signal;

/** Reads one credential at each log-in, for as long as that log-in may take and no longer. */
export class CredentialReader {
  readonly #input: CredentialInput;
  readonly #setting: Setting;
  /** A read that hangs holds a thread of the few that a process has for files: the next log-in waits for the same one. */
  #fileRead: Promise<string> | undefined;

  /** @throws VaultConfigurationError if it is known already that the credential is missing, empty or of another type */
  constructor(input: CredentialInput, setting: Setting) {
    checkCredential(input, setting);
    this.#input = input;
    this.#setting = namedSetting(input, setting);
  }

  /**
   * The credential, trimmed.
   * @param signal of the log-in; a function gets it, and nobody waits for a function or a file after it
   * @throws VaultConfigurationError if it is empty or its file cannot be read; VaultTimeoutError if the log-in was given up before it
   * came. Neither shows the value
   */
  async read(signal: AbortSignal = unlimited): Promise<SecretValue> {
    if (signal.aborted) throw this.#late();
    const value = await abandonable(this.#raw(signal), signal, () => this.#late());
    if (typeof value !== 'string' || value.trim() === '') throw emptyCredential(this.#setting, value);
    return new SecretValue(value.trim());
  }

  /** Text, unless a function gives something else against its type. */
  async #raw(signal: AbortSignal): Promise<unknown> {
    if (typeof this.#input === 'string') return this.#input;
    if (typeof this.#input === 'function') return this.#called(this.#input, signal);
    const { file } = this.#input;
    this.#fileRead ??= readFile(file, 'utf8').finally(() => (this.#fileRead = undefined));
    try {
      return await this.#fileRead;
    } catch (error) {
      throw new VaultConfigurationError(`The file ${file} of ${shownSetting(this.#setting)} cannot be read (${errorCodeOf(error)}).`, {
        setting: this.#setting.variable,
        remedy: 'Check the path and its permissions.',
      });
    }
  }

  /** An error of Vault's is one of a connection that the function uses; of any other, only what is safe to show. */
  async #called(give: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<unknown> {
    try {
      return await give(signal);
    } catch (error) {
      if (isVaultError(error)) throw error;
      throw new VaultServerError(`The function that gives ${shownSetting(this.#setting)} failed (${errorCodeOf(error)}).`, {
        remedy: 'Look into that function, and log there what it throws: it is not shown here, as it may hold secrets.',
      });
    }
  }

  #late(): VaultTimeoutError {
    const from = typeof this.#input === 'object' ? `the file ${this.#input.file}` : 'the function that gives it';
    return new VaultTimeoutError(`${shownSetting(this.#setting)} was not there when the log-in had to end: ${from} did not answer.`, {
      sent: false,
      remedy: 'Give the function a deadline of its own (it is called with an AbortSignal), or check the file system.',
    });
  }
}
