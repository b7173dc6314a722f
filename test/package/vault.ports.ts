import {
  Clock,
  SecretValue,
  VaultAuthenticationError,
  VaultResponse,
  type AuthMethod,
  type InterceptorRegistration,
  type LoginContext,
  type LoginResult,
  type SecretSchema,
  type TimeoutRegistry,
  type VaultHandler,
  type VaultInterceptor,
  type VaultRequest,
} from '@keyturn/vault';

// What an application writes that has nothing but the package: this file imports nothing else, on purpose.

/** An auth method that hands out a token it has from elsewhere. */
export class OwnAuthMethod implements AuthMethod {
  readonly name = 'own';
  readonly #token: string | SecretValue;

  constructor(token: string | SecretValue) {
    this.#token = token;
  }

  async login({ send, signal }: LoginContext): Promise<LoginResult> {
    const value = typeof this.#token === 'string' ? new SecretValue(this.#token) : this.#token;
    const { data } = await send({ method: 'GET', path: 'auth/token/lookup-self', token: { value, epoch: 0 }, signal });
    if ((data as { live?: boolean } | null)?.live !== true)
      throw new VaultAuthenticationError('The token is not live.', { remedy: 'Renew it.' });
    return { token: this.#token, ttlSeconds: 3_600, renewable: false, owned: false };
  }
}

/** Answers in the place of Vault, and keeps what it was asked. */
export class AnsweringInterceptor implements VaultInterceptor {
  readonly tokens: string[] = [];
  readonly paths: string[] = [];

  intercept(request: VaultRequest, _next: VaultHandler): Promise<VaultResponse> {
    this.paths.push(request.path);
    if (typeof request.token === 'object') this.tokens.push(request.token.value.reveal());
    return Promise.resolve(
      new VaultResponse({
        status: 200,
        requestId: 'r',
        leaseId: '',
        leaseDuration: 0,
        renewable: false,
        data: { live: true, colour: 'red' },
        auth: null,
        wrapInfo: null,
        warnings: [],
        receivedAtMs: performance.now(),
        tokenEpoch: 0,
      }),
    );
  }
}

/** Passes every request on with a header of the application. */
export class TenantInterceptor implements VaultInterceptor {
  intercept(request: VaultRequest, next: VaultHandler): Promise<VaultResponse> {
    return next({ ...request, headers: { ...request.headers, 'x-tenant': 'a' } });
  }
}

export function registrations(last: AnsweringInterceptor): readonly InterceptorRegistration[] {
  return [
    { use: new TenantInterceptor(), before: 'cache' },
    { use: last, after: 'observe' },
  ];
}

/** A clock that only moves when it is told to. */
export class StandingClock extends Clock {
  readonly #timers = new Set<{ readonly callback: () => void; readonly dueMs: number }>();
  #nowMs = 0;

  override nowMs(): number {
    return this.#nowMs;
  }

  override wallMs(): number {
    return this.#nowMs;
  }

  override setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { callback, dueMs: this.#nowMs + delayMs };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers].filter(({ dueMs }) => dueMs <= this.#nowMs)) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

/** A schema without any library. */
export const colour: SecretSchema<string> = {
  '~standard': {
    version: 1,
    vendor: 'own',
    validate: (value) => {
      const given = (value as { readonly colour?: unknown } | null)?.colour;
      return typeof given === 'string' ? { value: given } : { issues: [{ message: 'is no colour', path: ['colour'] }] };
    },
  },
};

/** Where `ScheduledJobsClock` lists its timers. */
export class NamesOnly implements TimeoutRegistry {
  readonly names = new Set<string>();

  doesExist(_type: 'timeout', name: string): boolean {
    return this.names.has(name);
  }

  addTimeout(name: string): void {
    this.names.add(name);
  }

  deleteTimeout(name: string): void {
    this.names.delete(name);
  }
}
