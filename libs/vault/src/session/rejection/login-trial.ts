import { isUnavailable } from '../../errors/is-unavailable.js';
import type { VaultError } from '../../errors/vault-error.js';
import type { Clock } from '../../support/time/clock.js';
import type { BoundedLogin } from '../login/bounded-login.js';
import type { CheckedLogin } from '../login/checked-login.js';
import { sessionFailure } from '../login/session-failure.js';
import { tokenRetryDelayMs } from '../session-schedule.js';
import type { TokenReplacedReason } from '../session.events.js';
import type { TokenLiveness } from '../token/token-liveness.js';

export interface LoginTrialOptions {
  /** Name of the auth method, for messages. */
  readonly method: string;
  readonly login: BoundedLogin;
  readonly clock: Clock;
  readonly random: () => number;
  readonly liveness: TokenLiveness;
  /** Called when the log-in failed; the next trial waits so long. */
  readonly onFailure: (error: VaultError, nextTryInMs: number) => void;
}

/** A log-in on trial that went through. */
export interface TrialOutcome {
  readonly result: CheckedLogin;
  /** Why the new token is to be used; undefined: the rejected one lives as far as anybody can tell. */
  readonly reason: TokenReplacedReason | undefined;
}

/** How often a 403 is taken for a revoked token when no token may look itself up, or no log-in can tell whether it may. */
const blindLoginEveryMs = 600_000;

/**
 * A log-in that finds out whether a rejected token is dead, where asking about that token says nothing. The rejected token may live, so a
 * log-in on trial that fails must not cost it. It can fail for good, for example because its secret id is used up.
 */
export class LoginTrial {
  readonly #options: LoginTrialOptions;
  #nextAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LoginTrialOptions) {
    this.#options = options;
  }

  /** @returns undefined if the log-in failed, or if it is too early for one */
  async run(loggedInAtMs: number): Promise<TrialOutcome | undefined> {
    const { clock, liveness } = this.#options;
    const nowMs = clock.nowMs();
    const isDue = nowMs >= this.#nextAtMs && (liveness.mayLookUp === undefined || nowMs - loggedInAtMs > blindLoginEveryMs);
    return isDue ? this.#logIn() : undefined;
  }

  async #logIn(): Promise<TrialOutcome | undefined> {
    const { method, login, clock, random, liveness, onFailure } = this.#options;
    try {
      const result = await login.run();
      if (liveness.mayLookUp !== undefined) return { result, reason: 'renewal-failed' };
      // Asking would spend the only use.
      if (result.uses === 1) return { result, reason: 'revoked' };
      const canLookUp = await liveness.learnFrom({ value: result.token, epoch: 0 });
      const uses = result.uses === undefined ? undefined : result.uses - 1;
      return { result: { ...result, uses }, reason: canLookUp ? 'revoked' : undefined };
    } catch (error) {
      const failure = sessionFailure(error, `${method} log-in`);
      const nextTryInMs = isUnavailable(failure) ? tokenRetryDelayMs(failure, 1, random()) : blindLoginEveryMs;
      this.#nextAtMs = clock.nowMs() + nextTryInMs;
      onFailure(failure, nextTryInMs);
      return undefined;
    }
  }
}
