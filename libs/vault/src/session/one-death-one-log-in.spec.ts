import { describe, expect, it } from 'vitest';
import type { AuthMethod } from '../auth/auth-method.js';
import type { VaultHandler } from '../client/call/vault-handler.js';
import { VaultPermissionDeniedError } from '../errors/vault-permission-denied.error.js';
import { SecretValue } from '../support/redaction/secret-value.js';
import { TypedEvents } from '../support/typed-events.js';
import { ManualClock } from '../testing/manual-clock.js';
import type { SessionEvent } from './session.events.js';
import { VaultSession } from './vault-session.js';

/** A session whose token Vault has revoked, and that finds it out in two ways: each lookup-self is answered when the spec says so. */
async function revokedSession() {
  const clock = new ManualClock();
  let logins = 0;
  const method: AuthMethod = {
    name: 'approle',
    login: async () => {
      logins += 1;
      return {
        token: new SecretValue(`token-${logins}`),
        ttlSeconds: 100,
        renewable: true,
        sentAtMs: clock.nowMs(),
        owned: true,
        canLookUpSelf: true,
      };
    },
  };
  const answers: (() => void)[] = [];
  const send: VaultHandler = async ({ path }) => {
    if (path.endsWith('lookup-self')) await new Promise<void>((resolve) => answers.push(resolve));
    throw new VaultPermissionDeniedError('denied', { status: 403 });
  };
  const events = new TypedEvents<SessionEvent>();
  const replaced: SessionEvent[] = [];
  events.subscribe((event) => event.type === 'tokenReplaced' && replaced.push(event));
  const timing = { fraction: 0.8, jitter: 0 };
  const session = new VaultSession({ method, loginTimeoutMs: 20_000, send, clock, random: () => 0, timing, events });
  const token = await session.current();
  return { session, clock, token, answers, replaced, logins: () => logins };
}

describe('A token that was revoked, found out by a renewal and by a refused call at the same time', () => {
  it.each([
    ['the renewal is answered first', [0, 1]],
    ['the call is answered first', [1, 0]],
  ])('is replaced by one log-in: %s', async (_, order) => {
    const { session, clock, token, answers, replaced, logins } = await revokedSession();
    session.renewNow();
    await clock.advance(1_000);
    const forTheCall = session.replaceRejected(token);
    await clock.advance(0);
    expect(answers).toHaveLength(2);
    for (const index of order) {
      answers[index]!();
      await clock.advance(0);
    }
    expect(await forTheCall).toMatchObject({ epoch: 2 });
    expect([logins(), replaced.length]).toEqual([2, 1]);
  });
});
