import { VaultUnreachableError } from '../../errors/vault-unreachable.error.js';
import { Clock } from '../../support/time/clock.js';
import type { VaultHandler } from '../call/vault-handler.js';
import type { VaultRequest } from '../request/vault-request.js';
import { VaultResponse, type VaultResponseFields } from '../answer/vault-response.js';
import { CacheInterceptor } from './cache.interceptor.js';

/** A clock that a spec moves by hand. */
export class HandClock extends Clock {
  #nowMs = 1_000;

  override nowMs(): number {
    return this.#nowMs;
  }

  override wallMs(): number {
    return this.#nowMs;
  }

  override setTimer(): () => void {
    return () => undefined;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

export function answer(data: unknown, fields: Partial<VaultResponseFields<unknown>> = {}): VaultResponse {
  return new VaultResponse({
    status: 200,
    requestId: 'id',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data,
    auth: null,
    wrapInfo: null,
    warnings: [],
    receivedAtMs: 0,
    tokenEpoch: 1,
    ...fields,
  });
}

/** The end of a chain: keeps what arrived and answers as `reply` says. */
export class ScriptedServer {
  readonly requests: VaultRequest[] = [];
  reply: (request: VaultRequest, count: number) => VaultResponse | Promise<VaultResponse>;

  constructor(reply: ScriptedServer['reply'] = (_request, count) => answer({ count })) {
    this.reply = reply;
  }

  readonly handle: VaultHandler = async (request) => {
    this.requests.push(request);
    return this.reply(request, this.requests.length);
  };
}

export const cachedRead: VaultRequest = { method: 'GET', path: 'secret/data/app', cacheable: true };

export function cacheSetUp(
  options: { maxEntries?: number; staleIfUnavailableMs?: number; namespace?: string; identity?: () => string } = {},
) {
  const clock = new HandClock();
  const server = new ScriptedServer();
  const { maxEntries = 100, staleIfUnavailableMs = 0, ...surroundings } = options;
  const cache = new CacheInterceptor({ ttlMs: 1_000, maxEntries, staleIfUnavailableMs }, { clock, ...surroundings });
  const ask = (request: Partial<VaultRequest> = {}) => cache.intercept({ ...cachedRead, ...request }, server.handle);
  return { clock, server, cache, ask };
}

export const away = () => Promise.reject(new VaultUnreachableError('away'));
