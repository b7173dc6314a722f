import { isPromise } from './is-promise.js';

/**
 * Listeners of one kind of event. A listener that throws is reported to `onListenerError` and stops nobody else:
 * a bug in a user's listener must not end the renewal of a lease, or a rotation.
 */
export class TypedEvents<Event> {
  /** Replaced and never changed: who is called can be read while listeners come and leave. */
  #listeners: readonly ((event: Event) => void)[] = [];
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = () => undefined) {
    this.#onListenerError = onListenerError;
  }

  /** @returns removes the listener */
  subscribe(listener: (event: Event) => void): () => void {
    if (!this.#listeners.includes(listener)) this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Calls those who listen now. A listener that leaves meanwhile is not called any more; one that comes meanwhile is not called yet. */
  emit(event: Event): void {
    const listeners = this.#listeners;
    for (const listener of listeners) {
      if (listeners !== this.#listeners && !this.#listeners.includes(listener)) continue;
      try {
        const result: unknown = listener(event);
        if (isPromise(result)) result.then(undefined, (error: unknown) => this.#report(error));
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #report(error: unknown): void {
    try {
      this.#onListenerError(error);
    } catch {
      // A logger that cannot write must not end the renewal of a lease either.
    }
  }
}
