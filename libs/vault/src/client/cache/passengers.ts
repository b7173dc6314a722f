import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { abandonable } from '../../support/abandonable.js';
import { withinTime } from '../../support/time/within-time.js';
import type { VaultResponse } from '../answer/vault-response.js';
import { abortedCall } from '../call/live-calls.js';
import { shownPath } from '../request/shown-path.js';
import type { VaultRequest } from '../request/vault-request.js';
import type { CacheSurroundings } from './cache-surroundings.js';
import type { Flight, Flights } from './flights.js';

/**
 * The readers of calls that are under way. A reader joins a call or starts one, and leaves it at a deadline of its own or when it is aborted;
 * the call goes on for the others. Therefore the call carries the signal of no reader, and no deadline shorter than that of the connection.
 */
export class Passengers {
  readonly #flights: Flights;
  readonly #times: Pick<CacheSurroundings, 'clock' | 'timeoutMs'>;
  #joined = 0;

  constructor(flights: Flights, times: Pick<CacheSurroundings, 'clock' | 'timeoutMs'>) {
    this.#flights = flights;
    this.#times = times;
  }

  /** Reads that joined the call of another reader. */
  get joined(): number {
    return this.#joined;
  }

  /**
   * The answer to the call for `key`, for one reader.
   * @param depart starts the call where there is none to join
   * @throws VaultTimeoutError, VaultAbortedError if the reader leaves
   */
  answer(key: string, request: VaultRequest, depart: (shared: VaultRequest) => Flight): Promise<VaultResponse> {
    const { clock, timeoutMs: usualMs = Infinity } = this.#times;
    const { signal, timeoutMs = usualMs, ...shared } = request;
    // The call that this could start carries no signal.
    if (signal?.aborted === true) return Promise.reject(abortedCall(request));
    let flight = request.bypassCache === true ? undefined : this.#flights.joinable(key, timeoutMs);
    if (flight !== undefined) this.#joined += 1;
    else flight = depart(timeoutMs > usualMs ? { ...shared, timeoutMs } : shared);
    const { answer: whole, timeoutMs: flightMs } = flight;
    const answer = timeoutMs < flightMs ? withinTime(whole, { clock, timeoutMs, expired: () => late(request, timeoutMs) }) : whole;
    return abandonable(answer, signal, () => abortedCall(request));
  }
}

function late(request: VaultRequest, timeoutMs: number): VaultTimeoutError {
  const { method, namespace } = request;
  const path = shownPath(request);
  return new VaultTimeoutError(`${method} ${path} was not answered within ${timeoutMs} ms.`, {
    request: { method, path, ...(namespace === undefined ? {} : { namespace }) },
    remedy: 'Give it more time (`timeoutMs`), or check the load of the server.',
  });
}
