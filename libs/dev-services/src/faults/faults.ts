import { DevServicesOptionsInvalidError } from '../errors/dev-services-options-invalid.error.js';
import type { FaultProxy } from './fault-proxy.js';

/** The proxies before the servers. The faults that are called here are those of the proxy before OpenBao; `postgres` has its own. */
export class Faults {
  readonly #openbao: FaultProxy | undefined;
  readonly #postgres: FaultProxy | undefined;

  constructor(proxies: { readonly openbao: FaultProxy | undefined; readonly postgres: FaultProxy | undefined }) {
    this.#openbao = proxies.openbao;
    this.#postgres = proxies.postgres;
  }

  /** @throws DevServicesOptionsInvalidError unless the services were started with `openbao: { faults: true }`. */
  get openbao(): FaultProxy {
    if (!this.#openbao)
      throw new DevServicesOptionsInvalidError('openbao.faults', 'to be true for faults', 'Start with `openbao: { faults: true }`.');
    return this.#openbao;
  }

  /** @throws DevServicesOptionsInvalidError unless the services were started with `postgres: { faults: true }`. */
  get postgres(): FaultProxy {
    if (!this.#postgres)
      throw new DevServicesOptionsInvalidError('postgres.faults', 'to be true for faults', 'Start with `postgres: { faults: true }`.');
    return this.#postgres;
  }

  /** Whether there is a proxy before OpenBao. */
  get hasOpenBao(): boolean {
    return this.#openbao !== undefined;
  }

  refuse(): Promise<void> {
    return this.openbao.refuse();
  }

  reset(): Promise<void> {
    return this.openbao.reset();
  }

  hang(): Promise<void> {
    return this.openbao.hang();
  }

  delay(delayMs: number): Promise<void> {
    return this.openbao.delay(delayMs);
  }

  cut(afterBytes: number): Promise<void> {
    return this.openbao.cut(afterBytes);
  }

  partition(): Promise<void> {
    return this.openbao.partition();
  }

  /** Heals every proxy. */
  async heal(): Promise<void> {
    await Promise.all([this.#openbao?.heal(), this.#postgres?.heal()]);
  }

  /** Stops the proxies. */
  async stop(): Promise<void> {
    await Promise.all([this.#openbao?.stop(), this.#postgres?.stop()]);
  }
}
