import type { VaultCredential } from '../../client/request/vault-request.js';
import { SingleFlight } from '../../support/single-flight.js';
import type { PacedLogin } from '../login/paced-login.js';
import type { SessionLifecycle } from '../session-lifecycle.js';
import type { ReplacedTokens } from '../token/replaced-tokens.js';
import type { TokenLiveness } from '../token/token-liveness.js';
import type { TokenRotation } from '../token/token-rotation.js';
import type { LoginTrial } from './login-trial.js';

export interface RejectedTokensOptions {
  readonly lifecycle: SessionLifecycle;
  readonly liveness: TokenLiveness;
  readonly login: PacedLogin;
  readonly trial: LoginTrial;
  readonly rotation: TokenRotation;
  readonly replaced: ReplacedTokens;
}

/**
 * What follows when a call was answered with 403: its token is dead and replaced, or it lives and the policy said no. This folder decides
 * which of the two to believe, and what a log-in may cost to find out. How to ask about a token is `token/`; how a log-in runs is `login/`.
 */
export class RejectedTokens {
  readonly #options: RejectedTokensOptions;
  /** One check for all calls that were rejected with the token of a log-in. */
  readonly #checks = new SingleFlight<number, VaultCredential | undefined>();

  constructor(options: RejectedTokensOptions) {
    this.#options = options;
  }

  /** @returns the token that is in use instead of `rejected`; undefined if that one lives as far as anybody can tell */
  replace(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    return this.#checks.run(rejected.epoch, () => this.#replaceOnce(rejected));
  }

  /** Whether the token of log-in `epoch` is being checked. */
  isChecking(epoch: number): boolean {
    return this.#checks.has(epoch);
  }

  /** Resolves when the check of the token of log-in `epoch`, if there is one, has ended in either way. */
  settled(epoch: number): Promise<void> {
    return this.#checks.settled(epoch);
  }

  async #replaceOnce(rejected: VaultCredential): Promise<VaultCredential | undefined> {
    const { lifecycle, liveness, login } = this.#options;
    const alreadyReplaced = this.#successorOf(rejected);
    if (alreadyReplaced !== undefined) return alreadyReplaced;
    // Asking about the token would spend a use that it does not have; another one is needed in any case.
    if (lifecycle.token?.uses?.spend() === false) {
      await login.run('uses-spent');
      return this.#successorOf(rejected);
    }
    const verdict = await liveness.verdict(rejected);
    if (verdict === 'live') return undefined;
    // The renewal timer may have found out, too, and have logged in meanwhile.
    if (verdict === 'dead' && this.#successorOf(rejected) === undefined) await login.run('revoked');
    else if (verdict === 'unknown' && !lifecycle.isClosed) await this.#logInOnTrial(rejected);
    return this.#successorOf(rejected);
  }

  #successorOf(rejected: VaultCredential): VaultCredential | undefined {
    const inUse = this.#options.lifecycle.token?.credential;
    return inUse?.epoch === rejected.epoch ? undefined : inUse;
  }

  async #logInOnTrial(rejected: VaultCredential): Promise<void> {
    const { lifecycle, trial, rotation, replaced } = this.#options;
    const outcome = await trial.run(rotation.loggedInAtMs);
    if (outcome === undefined) return;
    const { result, reason } = outcome;
    const isCurrent = lifecycle.token?.credential.epoch === rejected.epoch;
    if (reason !== undefined && isCurrent) rotation.accept(result, reason);
    else await replaced.discard(result);
  }
}
