/**
 * Listeners of one kind of event. A listener that throws, or rejects, stops nobody else: a bug in a user's listener must not
 * end the rotation.
 */
export class EventHub<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  /** @returns removes the listener */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) {
      try {
        const result: unknown = listener(event);
        if (result instanceof Promise) result.catch(() => undefined);
      } catch {
        continue;
      }
    }
  }
}
