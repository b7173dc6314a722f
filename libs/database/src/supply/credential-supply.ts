import type { CredentialSource } from '../credentials/credential-source.js';
import type { DatabaseCredential } from '../credentials/database-credential.js';
import type { IssuedCredential } from '../credentials/issued-credential.js';
import { mayHaveIssued } from '../credentials/may-have-issued.js';
import { CredentialsUnavailableError } from '../errors/credentials-unavailable.error.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import { MintBudgetExhaustedError } from '../errors/mint-budget-exhausted.error.js';
import { backoffMs } from '../support/backoff.js';
import type { Clock } from '@keyturn/vault';
import { sleep } from '../support/sleep.js';
import { MintBudget } from './mint-budget.js';
import { RefusedPassword } from './refused-password.js';
import type { ResolvedRotationOptions } from '../options/rotation-options.js';
import { passwordRejected } from '../errors/rotation-faults.js';
import { rotationDueMs } from '../lifetime/schedule/rotation-schedule.js';
import { settleUntil } from '../support/settle-until.js';
import { SourceCooldown } from './source-cooldown.js';
import { UnprovedCredential } from './unproved-credential.js';

export interface SupplyOptions {
  readonly source: CredentialSource;
  readonly rotation: ResolvedRotationOptions;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface SupplyRequest {
  readonly signal: AbortSignal;
  /** Only credentials that differ from these will do; undefined: any. */
  readonly insteadOf?: DatabaseCredential | undefined;
  /** Whether the database refuses `insteadOf`: then, after a while, the source is asked to repair them. */
  readonly refused?: (() => Promise<boolean>) | undefined;
}

const pacing = { initialMs: 100, maxMs: 1_000, jitter: 0.25 } as const;
/** A static role's API shows the new password well within this time; after it the password was changed by somebody else. */
const longestRepairAfterMs = 3_000;
/** A password that another pool accepts is right: the replica that refuses it lags, and would learn of yet another one no sooner. */
const longestLagMs = 60_000;
const longestRevokeMs = 5_000;
/** A replica that lags a moment is nothing unusual. */
const leastLoginRetryMs = 2_000;
/** Credentials refused within it, although they had proved themselves, are no operator's doing: one of the servers does not know them. */
const soonMs = 5_000;
/** Vault that says "the same for this long" means it: its `ttl` at a moment of rotation is shorter. */
const settledMs = 2_000;

/** Asks a source for credentials, within the mint budget, and waits through a static role's rotation window. */
export class CredentialSupply {
  readonly #options: SupplyOptions;
  readonly #budget: MintBudget;
  readonly #pace = new SourceCooldown();
  readonly #unproved = new UnprovedCredential();
  readonly #refusedPassword = new RefusedPassword();

  constructor(options: SupplyOptions) {
    this.#options = options;
    this.#budget = new MintBudget(options.rotation.mintBudget, options.rotation.mintWindowMs);
  }

  /** Of the source, for messages. */
  get name(): string {
    return this.#options.source.name;
  }

  /**
   * How long a refused log-in with new credentials is tried again: others would be accepted no sooner, and the budget for them would be
   * spent. A static role is read again instead.
   */
  loginRetryMs({ expiresAtMs }: IssuedCredential): number {
    const { source, rotation, clock } = this.#options;
    if (!source.mints) return 0;
    return Math.min(Math.max(leastLoginRetryMs, rotation.credentialBudgetMs), Math.max(0, expiresAtMs - clock.nowMs()));
  }

  /** How long a password that the database refuses is read again, in milliseconds; 0 where each reading would create a role. */
  get readAgainMs(): number {
    const { source, rotation } = this.#options;
    return source.mints ? 0 : rotation.credentialBudgetMs;
  }

  /** From when credentials may be asked for. */
  availableAtMs(): number {
    const nowMs = this.#options.clock.nowMs();
    return Math.max(this.#budget.availableAtMs(nowMs), this.#pace.availableAtMs(nowMs));
  }

  /** Why `next()` would fail now without asking: it has failed less than a second ago. Undefined if it would not. */
  refusal(): Error | undefined {
    return this.#unproved.isKept ? undefined : this.#pace.refusal(this.#options.clock.nowMs());
  }

  /**
   * Takes back credentials that could not be proved because of `error`: they are proved again later when they may work.
   * @param isAccepted whether another pool has proved them
   */
  async giveBack(issued: IssuedCredential, error: unknown, isAccepted: boolean): Promise<void> {
    if (this.#options.source.mints && isServerAtFault(error)) this.#unproved.keep(issued);
    else await this.discard(issued, error, isAccepted);
  }

  /** Ends credentials that could not be used because of `error`; counts them where they were at fault. */
  async discard(issued: IssuedCredential, error: unknown, isAccepted = false): Promise<void> {
    if (isRoleAtFault(error)) this.#spend();
    if (isLoginRejected(error)) this.#refusedPassword.refused(issued.credential, this.#options.clock.nowMs(), isAccepted);
    await this.#end(issued);
  }

  /** Credentials that had proved themselves are refused `ageMs` after they came into force: soon enough to count as issued in vain. */
  refusedAfter(ageMs: number): void {
    if (ageMs < Math.min(soonMs, this.#options.rotation.mintWindowMs)) this.#spend();
  }

  /** What to tell whoever waits for credentials that could not be used because of `error`. */
  explain(error: unknown): unknown {
    const { mints, name } = this.#options.source;
    return !mints && isDatabaseError(error, 'DATABASE_LOGIN_REJECTED') ? passwordRejected(name, error) : error;
  }

  /** What is kept for another try; the caller has to end it. */
  takeUnproved(): IssuedCredential | undefined {
    return this.#unproved.take();
  }

  /**
   * New credentials. A static role whose password is still the old one is read again until it changes, inside
   * `rotation.credentialBudgetMs`; if it says that it will not change soon, the old ones are returned. Within a second of a failure the
   * source is not asked again: that failure is thrown once more.
   * @throws DatabaseError, or the source's own error
   */
  async next(request: SupplyRequest): Promise<IssuedCredential> {
    const unproved = await this.#usableUnproved();
    if (unproved !== undefined) return unproved;
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
    try {
      const issued = await this.#ask(request);
      this.#pace.succeeded();
      return issued;
    } catch (error) {
      this.#pace.failed(error as Error, this.#options.clock.nowMs());
      throw error;
    }
  }

  async #ask({ signal, insteadOf, refused }: SupplyRequest): Promise<IssuedCredential> {
    const { source, clock, rotation, random } = this.#options;
    const startedAtMs = clock.nowMs();
    let repaired = false;
    let isRefused: boolean | undefined;
    for (let attempt = 1; ; attempt += 1) {
      this.#requireBudget();
      const issued = await this.#issue(signal);
      if (!repaired && (await this.#repairsRefused(issued, signal))) {
        repaired = true;
        issued.release();
        continue;
      }
      if (source.mints || insteadOf === undefined || !issued.credential.equals(insteadOf)) return issued;
      isRefused ??= (await refused?.()) ?? false;
      const nowMs = clock.nowMs();
      if (!isRefused && issued.expiresAtMs - nowMs > settledMs) return issued;
      issued.release();
      if (isRefused && !repaired && nowMs - startedAtMs > this.#repairAfterMs) {
        repaired = true;
        if (await source.repair?.(signal)) continue;
      }
      const pauseMs = backoffMs(attempt, pacing, random());
      if (nowMs + pauseMs - startedAtMs > rotation.credentialBudgetMs) throw this.#unchanged();
      await sleep(clock, pauseMs, signal);
    }
  }

  /** Within a shorter budget there has to be time for the repair, and for a log-in after it. */
  get #repairAfterMs(): number {
    return Math.min(longestRepairAfterMs, this.#options.rotation.credentialBudgetMs / 2);
  }

  /** Has a password repaired that was refused for so long, try after try, that waiting does not help. */
  async #repairsRefused({ credential }: IssuedCredential, signal: AbortSignal): Promise<boolean> {
    const { source, clock } = this.#options;
    const repairAfterMs = this.#refusedPassword.isAccepted ? longestLagMs : this.#repairAfterMs;
    if (source.mints || this.#refusedPassword.durationMs(credential, clock.nowMs()) <= repairAfterMs) return false;
    this.#refusedPassword.forget();
    return (await source.repair?.(signal)) ?? false;
  }

  async #issue(signal: AbortSignal): Promise<IssuedCredential> {
    const { source } = this.#options;
    try {
      return await source.issue(signal);
    } catch (error) {
      if (source.mayHaveIssued?.(error) ?? mayHaveIssued(error)) this.#spend();
      throw error;
    }
  }

  /** The unproved credentials, unless it is itself so old that it would be replaced at once. */
  async #usableUnproved(): Promise<IssuedCredential | undefined> {
    const unproved = this.#unproved.take();
    if (unproved === undefined || rotationDueMs(unproved, { ...this.#options.rotation, random: 0 }) > this.#options.clock.nowMs())
      return unproved;
    await this.#end(unproved);
    return undefined;
  }

  /** The next ones do not wait for the end of these longer than a moment. */
  async #end(issued: IssuedCredential): Promise<void> {
    const { clock } = this.#options;
    await settleUntil([issued.revoke().catch(() => issued.release())], clock.nowMs() + longestRevokeMs, clock);
  }

  #spend(): void {
    if (this.#options.source.mints) this.#budget.spend(this.#options.clock.nowMs());
  }

  #requireBudget(): void {
    const waitMs = this.availableAtMs() - this.#options.clock.nowMs();
    if (!this.#options.source.mints || waitMs <= 0) return;
    const { mintBudget, mintWindowMs } = this.#options.rotation;
    throw new MintBudgetExhaustedError(
      `${this.#options.source.name} issued, or may have issued, ${mintBudget} credentials within ${mintWindowMs} ms that do not work or did ` +
        `not arrive; the next are asked for in ${Math.ceil(waitMs / 1_000)} s.`,
      {
        remedy:
          "Check the role's creation statements in Vault, that Vault answers in time, and that every server behind the host of the database " +
          'knows the issued users.',
        setting: 'credentials',
      },
    );
  }

  #unchanged(): CredentialsUnavailableError {
    const { source, rotation } = this.#options;
    return new CredentialsUnavailableError(
      `${source.name} still returns the same password after ${rotation.credentialBudgetMs} ms, although it should have changed.`,
      { remedy: 'Look at last_vault_rotation of the static role, and rotate it by hand if somebody changed its password.' },
    );
  }
}

/** What fails for a role without the grants that it takes. */
const roleSettings: ReadonlySet<string> = new Set(['rotation.validationQuery', 'typeorm.extra.onConnect', 'credentials']);

/** Whether a new role may be why: its log-in was refused, or it did not pass the validation query. */
function isRoleAtFault(error: unknown): boolean {
  if (isLoginRejected(error)) return true;
  return isDatabaseError(error, 'DATABASE_CONFIGURATION_INVALID') && roleSettings.has(error.setting ?? '');
}

function isLoginRejected(error: unknown): boolean {
  return isDatabaseError(error, 'DATABASE_LOGIN_REJECTED');
}

/** Whether the same credentials may work once the server, its name or its certificate is in order. */
function isServerAtFault(error: unknown): boolean {
  return (
    isDatabaseError(error, 'DATABASE_SERVER_UNREACHABLE') ||
    (isDatabaseError(error, 'DATABASE_CONFIGURATION_INVALID') && !isRoleAtFault(error))
  );
}
