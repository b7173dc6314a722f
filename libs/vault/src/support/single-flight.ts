/** Runs one operation a key at a time: whoever asks while it runs gets the same promise. */
export class SingleFlight<Key, Value> {
  readonly #flights = new Map<Key, Promise<Value>>();

  /** Joins the flight of `key`, or starts it with `operation`. A failure reaches everyone who joined and is not kept. */
  run(key: Key, operation: () => Promise<Value>): Promise<Value> {
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) return underWay;
    const flight = operation().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Whether an operation for `key` is under way. */
  has(key: Key): boolean {
    return this.#flights.has(key);
  }

  /** Resolves when the operation for `key`, if there is one, has ended in either way. */
  async settled(key: Key): Promise<void> {
    await this.#flights.get(key)?.then(
      () => undefined,
      () => undefined,
    );
  }
}
