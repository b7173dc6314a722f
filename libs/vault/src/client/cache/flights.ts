import type { VaultResponse } from '../answer/vault-response.js';

/** A call that is under way, shared by its readers. */
export interface Flight {
  readonly resource: string;
  /** Deadline of the call itself; a reader may leave before. */
  readonly timeoutMs: number;
  answer: Promise<VaultResponse>;
  /** False once the resource was written or a newer read departed: what the call brings may be older than what is known. */
  keep: boolean;
}

/** The calls that are under way, by the key of what they ask for. */
export class Flights {
  readonly #underWay = new Map<string, Flight>();

  /** The call for `key` that a reader with so much time may join: a call with a shorter time-out would cut the reader's time short. */
  joinable(key: string, timeoutMs: number): Flight | undefined {
    const flight = this.#underWay.get(key);
    return flight !== undefined && flight.timeoutMs >= timeoutMs ? flight : undefined;
  }

  /** From now on readers join this call; what an older one for the same key brings is not kept. */
  depart(key: string, flight: Flight): void {
    const older = this.#underWay.get(key);
    if (older !== undefined) older.keep = false;
    this.#underWay.set(key, flight);
  }

  /** The call has ended. */
  land(key: string, flight: Flight): void {
    if (this.#underWay.get(key) === flight) this.#underWay.delete(key);
  }

  /** What the calls concerned bring is not kept, and nobody joins them any more. */
  doom(concerned: (flight: Flight) => boolean): void {
    for (const [key, flight] of this.#underWay) {
      if (!concerned(flight)) continue;
      flight.keep = false;
      this.#underWay.delete(key);
    }
  }
}
