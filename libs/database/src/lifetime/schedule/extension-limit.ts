import { lastMomentMs, rotationDueMs, type Life, type ScheduleOptions } from './rotation-schedule.js';

/** Credentials whose whole life is below this multiple of their first one were not extended in earnest. */
const extendedShare = 1.25;

/** What earlier credentials showed: beyond `longestLifeMs` from their birth the source extended them no more. */
interface KnownLimit {
  readonly longestLifeMs: number;
  /** Whether the source extended them at all. A max TTL that is about as long as the TTL leaves no room for that. */
  readonly wasExtended: boolean;
}

/**
 * How far the source extends its credentials, learnt from those that it extended no more: so it will be with the next ones. What Vault
 * calls renewable may be near a max TTL all the same.
 */
export class ExtensionLimit {
  #known: KnownLimit | undefined;
  #bornAtMs = 0;
  #firstLifeMs = 0;

  /** Credentials with `life` are watched from now on. */
  began(life: Life): void {
    this.#bornAtMs = life.issuedAtMs;
    this.#firstLifeMs = life.expiresAtMs - life.issuedAtMs;
  }

  /** The source does not extend them beyond the end of `life`. */
  reached(life: Life): void {
    const longestLifeMs = life.expiresAtMs - this.#bornAtMs;
    this.#known = { longestLifeMs, wasExtended: longestLifeMs >= this.#firstLifeMs * extendedShare };
  }

  /** `life` as the schedule may count on it. With an end that is fixed, the drain has to fit before it as well. */
  counted({ issuedAtMs, expiresAtMs, atExpiry, extendable }: Life): Life {
    return { issuedAtMs, expiresAtMs, atExpiry, extendable: extendable && this.#known?.wasExtended !== false };
  }

  /** When to replace credentials with `life`, before the limit. */
  dueMs(life: Life, options: ScheduleOptions): number {
    const dueMs = rotationDueMs(this.counted(life), options);
    if (this.#known === undefined) return dueMs;
    const longestLifeMs = Math.max(this.#known.longestLifeMs, life.expiresAtMs - this.#bornAtMs);
    return Math.min(dueMs, this.#bornAtMs + lastMomentMs(longestLifeMs, options.leadMs));
  }
}
