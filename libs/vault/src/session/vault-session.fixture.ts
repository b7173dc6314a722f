import type { AuthMethod, LoginResult } from '../auth/auth-method.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import type { VaultRequest } from '../client/request/vault-request.js';
import { VaultResponse, type VaultAuth } from '../client/answer/vault-response.js';
import { VaultAuthenticationError } from '../errors/vault-authentication.error.js';
import { VaultPermissionDeniedError } from '../errors/vault-permission-denied.error.js';
import { VaultUnreachableError } from '../errors/vault-unreachable.error.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { TypedEvents } from '../support/typed-events.js';
import { ManualClock } from '../testing/manual-clock.js';
import type { SessionEvent } from './session.events.js';
import { VaultSession } from './vault-session.js';

/** Ways in which a log-in, or a call of the session, can go wrong. */
export const denied = (): never => {
  throw new VaultPermissionDeniedError('denied', { status: 403 });
};
export const refused = (): never => {
  throw new VaultAuthenticationError('refused');
};
export const unreachable = (): never => {
  throw new VaultUnreachableError('away');
};
export const broken = (): never => {
  throw new TypeError('a bug of an interceptor');
};

/** How Vault answers; a spec changes it as it goes. */
export interface World {
  /** null: a renewal is answered without one. */
  renewedAuth: null | undefined;
  sameToken: boolean;
  owned: boolean;
  canLookUpSelf: boolean;
  ttlSeconds: number;
  renewable: boolean;
  renewedTtlSeconds: number;
  login: () => void;
  answer: Record<string, () => void>;
}

const usualWorld: World = {
  renewedAuth: undefined,
  sameToken: false,
  owned: true,
  canLookUpSelf: false,
  ttlSeconds: 100,
  renewable: true,
  renewedTtlSeconds: 100,
  login: () => undefined,
  answer: {},
};

function renewedAuth(leaseDuration: number): VaultAuth {
  return {
    clientToken: '',
    accessor: '',
    policies: [],
    tokenPolicies: [],
    metadata: {},
    entityId: '',
    tokenType: 'service',
    leaseDuration,
    renewable: true,
  };
}

function answerWith(auth: VaultAuth | null, receivedAtMs: number): VaultResponse {
  return new VaultResponse({
    status: 200,
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: {},
    auth,
    wrapInfo: null,
    warnings: [],
    receivedAtMs,
    tokenEpoch: 0,
  });
}

/** A session on a clock of its own, whose log-ins and calls end as `world` says. */
export function sessionIn(given: Partial<World> = {}) {
  const clock = new ManualClock();
  const world: World = { ...usualWorld, ...given };
  const calls: string[] = [];
  const events: SessionEvent[] = [];
  let logins = 0;
  const method: AuthMethod = {
    name: 'approle',
    login: async (): Promise<LoginResult> => {
      calls.push('login');
      world.login();
      logins += 1;
      return {
        token: new SecretValue(`token-${world.sameToken ? 1 : logins}`),
        ttlSeconds: world.ttlSeconds,
        renewable: world.renewable,
        sentAtMs: clock.nowMs(),
        owned: world.owned,
        canLookUpSelf: world.canLookUpSelf,
      };
    },
  };
  const send: VaultHandler = async (request: VaultRequest) => {
    const name = request.path.split('/').at(-1) ?? '';
    calls.push(name);
    world.answer[name]?.();
    return answerWith(world.renewedAuth === null ? null : renewedAuth(world.renewedTtlSeconds), clock.nowMs());
  };
  const sessionEvents = new TypedEvents<SessionEvent>();
  sessionEvents.subscribe((event) => events.push(event));
  const timing = { fraction: 0.8, jitter: 0.1 };
  const session = new VaultSession({ method, loginTimeoutMs: 20_000, send, clock, random: () => 0, timing, events: sessionEvents });
  const types = (): string[] => events.map(({ type }) => type);
  return { session, clock, world, calls, events, types, sessionEvents };
}
