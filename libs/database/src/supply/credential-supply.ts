import type { IssuedCredential } from '../credentials/issued-credential.js';
import { mayHaveIssued } from '../credentials/may-have-issued.js';
import { isDatabaseError } from '../errors/is-database-error.js';
import { passwordRejected } from '../errors/rotation-faults.js';
import { rotationDueMs } from '../lifetime/schedule/rotation-schedule.js';
import { settleUntil } from '../support/settle-until.js';
import { faultOf } from './fault.js';
import { MintBudget } from './mint-budget.js';
import { PasswordReader } from './password-reader.js';
import { SourceCooldown } from './source-cooldown.js';
import { mintBudgetExhausted } from './supply-faults.js';
import type { SupplyOptions, SupplyRequest } from './supply-request.js';
import { UnprovedCredential } from './unproved-credential.js';

const longestRevokeMs = 5_000;
/** A replica that lags a moment is nothing unusual. */
const leastLoginRetryMs = 2_000;
/**
 * Credentials had proved themselves and are refused so soon. That is no operator's doing: one of the servers behind the host does not know
 * them.
 */
const soonMs = 5_000;

/**
 * Asks a source for credentials, and takes back those that could not be used.
 *
 * The folder `supply/` decides how often a source is asked, how many roles it may create in vain, whether credentials that were not proved
 * are tried again, and when a static role's password is read anew or repaired. It does not fetch credentials itself (`credentials/`), it
 * does not decide when new ones are due (`lifetime/`), and it does not try them (`generations/`).
 */
export class CredentialSupply {
  readonly #options: SupplyOptions;
  readonly #budget: MintBudget;
  readonly #cooldown = new SourceCooldown();
  readonly #unproved = new UnprovedCredential();
  readonly #reader: PasswordReader;

  constructor(options: SupplyOptions) {
    this.#options = options;
    this.#budget = new MintBudget(options.rotation.mintBudget, options.rotation.mintWindowMs);
    this.#reader = new PasswordReader(options);
  }

  /** The name of the source, for messages. */
  get name(): string {
    return this.#options.source.name;
  }

  /**
   * How long a refused log-in with new credentials is tried again, in milliseconds. Others would be accepted no sooner, and would cost
   * mint budget. 0 for a static role: its password is read again instead.
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
    return Math.max(this.#budget.availableAtMs(nowMs), this.#cooldown.availableAtMs(nowMs));
  }

  /** Why `next()` would fail now without asking the source: the failure of less than a second ago. Undefined if the source is asked. */
  refusal(): Error | undefined {
    return this.#unproved.isKept ? undefined : this.#cooldown.refusal(this.#options.clock.nowMs());
  }

  /**
   * Takes back credentials that could not be proved because of `error`. They are kept for another proof where they may work later.
   * @param isAccepted whether another pool has proved them
   */
  async giveBack(issued: IssuedCredential, error: unknown, isAccepted: boolean): Promise<void> {
    if (this.#options.source.mints && faultOf(error) === 'server') this.#unproved.keep(issued);
    else await this.discard(issued, error, isAccepted);
  }

  /** Ends credentials that could not be used because of `error`. They count against the mint budget where they were at fault. */
  async discard(issued: IssuedCredential, error: unknown, isAccepted = false): Promise<void> {
    const fault = faultOf(error);
    if (fault === 'login' || fault === 'grants') this.#spend();
    if (fault === 'login') this.#reader.refused(issued.credential, isAccepted);
    await this.#end(issued);
  }

  /** The database refuses credentials that had proved themselves, `ageMs` after they came into force. Within seconds they were issued in vain. */
  refusedAfter(ageMs: number): void {
    if (ageMs < Math.min(soonMs, this.#options.rotation.mintWindowMs)) this.#spend();
  }

  /** What to tell whoever waits for credentials that could not be used because of `error`. */
  explain(error: unknown): unknown {
    const { mints, name } = this.#options.source;
    return !mints && isDatabaseError(error, 'DATABASE_LOGIN_REJECTED') ? passwordRejected(name, error) : error;
  }

  /** Takes the credentials that are kept for another proof: the caller has to end them. */
  takeUnproved(): IssuedCredential | undefined {
    return this.#unproved.take();
  }

  /**
   * New credentials: those that are kept for another proof, or others of the source. Within a second of a failure the source is not asked
   * again: that failure is thrown once more.
   * @throws DatabaseError, or the source's own error
   */
  async next(request: SupplyRequest): Promise<IssuedCredential> {
    const unproved = await this.#usableUnproved();
    if (unproved !== undefined) return unproved;
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
    try {
      const issued = await this.#ask(request);
      this.#cooldown.succeeded();
      return issued;
    } catch (error) {
      this.#cooldown.failed(error as Error, this.#options.clock.nowMs());
      throw error;
    }
  }

  async #ask(request: SupplyRequest): Promise<IssuedCredential> {
    const { source } = this.#options;
    if (!source.mints) return this.#reader.read(request);
    this.#requireBudget();
    try {
      return await source.issue(request.signal);
    } catch (error) {
      if (source.mayHaveIssued?.(error) ?? mayHaveIssued(error)) this.#spend();
      throw error;
    }
  }

  /** The unproved credentials, unless they are so old that they would be replaced at once. */
  async #usableUnproved(): Promise<IssuedCredential | undefined> {
    const unproved = this.#unproved.take();
    const { rotation, clock } = this.#options;
    if (unproved === undefined || rotationDueMs(unproved, { ...rotation, random: 0 }) > clock.nowMs()) return unproved;
    await this.#end(unproved);
    return undefined;
  }

  /** Ends `issued`. Whoever asks for others waits for that no longer than a moment. */
  async #end(issued: IssuedCredential): Promise<void> {
    const { clock } = this.#options;
    await settleUntil([issued.revoke().catch(() => issued.release())], clock.nowMs() + longestRevokeMs, clock);
  }

  #spend(): void {
    if (this.#options.source.mints) this.#budget.spend(this.#options.clock.nowMs());
  }

  #requireBudget(): void {
    const waitMs = this.availableAtMs() - this.#options.clock.nowMs();
    if (waitMs > 0) throw mintBudgetExhausted(this.#options, waitMs);
  }
}
