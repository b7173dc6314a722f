import type { AuthMethod } from '../../auth/auth-method.js';
import type { VaultHandler } from '../../client/call/vault-handler.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import type { Clock } from '../../support/time/clock.js';
import { withinTime } from '../../support/time/within-time.js';
import { checkedLogin, type CheckedLogin } from './checked-login.js';

export interface BoundedLoginOptions {
  readonly method: AuthMethod;
  readonly send: VaultHandler;
  readonly clock: Clock;
  /** When the method is told to stop; a moment later nobody waits for it any more. */
  readonly timeoutMs: number;
  /** Gets what a log-in gave after its time was up: a token that nobody uses. Never rejects. */
  readonly onLate: (result: CheckedLogin) => Promise<void>;
}

/** How long a method may take, once its signal has aborted, to fail with an error that says what it waited for. */
const lastWordsMs = 1_000;

/**
 * Log-ins that end in time, whatever their method does. The method may be an application's own, and ask a file, a key store or a person.
 * A log-in that hangs is given up: the next one does not wait for it.
 */
export class BoundedLogin {
  readonly #options: BoundedLoginOptions;
  readonly #underWay = new Set<AbortController>();

  constructor(options: BoundedLoginOptions) {
    this.#options = options;
  }

  /** @throws VaultTimeoutError if the method did not end in time, VaultResponseInvalidError if it gave no usable log-in, or its own error */
  async run(): Promise<CheckedLogin> {
    const { method, clock, timeoutMs } = this.#options;
    const controller = new AbortController();
    const cancelAbort = clock.setTimer(() => controller.abort(), timeoutMs);
    this.#underWay.add(controller);
    const given = this.#given(controller.signal);
    try {
      const expired = (): Error => {
        void given.then(this.#options.onLate, () => undefined);
        return loginTimedOut(method.name, timeoutMs);
      };
      return await withinTime(given, { clock, timeoutMs: timeoutMs + lastWordsMs, expired });
    } finally {
      cancelAbort();
      this.#underWay.delete(controller);
    }
  }

  /** Tells the log-ins under way to stop. */
  abort(): void {
    for (const controller of this.#underWay) controller.abort();
  }

  /** A method that throws instead of rejecting is taken for one that rejects. */
  async #given(signal: AbortSignal): Promise<CheckedLogin> {
    const { method, send, clock } = this.#options;
    const startedAtMs = clock.nowMs();
    const result = await method.login({ send, signal });
    return checkedLogin(result, { method: method.name, startedAtMs, endedAtMs: clock.nowMs() });
  }
}

function loginTimedOut(method: string, timeoutMs: number): VaultTimeoutError {
  return new VaultTimeoutError(`The ${method} log-in did not end within ${timeoutMs} ms.`, {
    remedy:
      'Check what the log-in waits for: the function or the file that gives a credential, or the auth method of the application. Raise `http.timeoutMs` if it needs more time.',
  });
}
