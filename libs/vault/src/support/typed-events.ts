/**
 * Listeners of one kind of event. A listener that throws is reported to `onListenerError` and stops nobody else:
 * a bug in a user's listener must not end the renewal of a lease, or a rotation.
 */
export class TypedEvents<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = () => undefined) {
    this.#onListenerError = onListenerError;
  }

  /** @returns removes the listener */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    // A copy: a listener that leaves and comes back while it is called would be reached without end. Who has left meanwhile is not.
    const listeners = [...this.#listeners];
    for (const listener of listeners) {
      if (!this.#listeners.has(listener)) continue;
      try {
        const result: unknown = listener(event);
        if (result instanceof Promise) result.catch(this.#onListenerError);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
