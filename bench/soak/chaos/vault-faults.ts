import { setTimeout as sleep } from 'node:timers/promises';
import type { FixedAnswer } from '../answering-proxy.js';
import type { ChaosContext, Fault } from './fault.js';
import { recoverWithin } from './recover-within.js';
import { ShortLived } from './short-lived.js';

const outageMs = 2_500;
const recoveryMs = 5_000;

/**
 * Vault goes away while credentials live, a rotation is asked for in vain, those of a second application end meanwhile, and Vault comes
 * back.
 */
function outage(name: string, start: (context: ChaosContext) => Promise<unknown>, end: (context: ChaosContext) => Promise<unknown>): Fault {
  return {
    name,
    excuses: [],
    async run(context) {
      const { credentials } = context.application;
      await using shortLived = await ShortLived.start(context);
      await start(context);
      const before = credentials.snapshot().rotations;
      credentials.refreshNow().catch(() => undefined);
      await Promise.all([sleep(outageMs), shortLived.expired()]);
      if (credentials.snapshot().rotations > before) throw new Error('The rotation should not have been possible.');
      await end(context);
      await Promise.all([recoverWithin(context.application, before, recoveryMs), shortLived.recoverWithin(recoveryMs)]);
    },
  };
}

function answers(name: string, answer: FixedAnswer): Fault {
  return outage(
    `vault answers ${name}`,
    async ({ proxy }) => proxy.answerWith(answer),
    async ({ proxy }) => proxy.answerWith(undefined),
  );
}

const json = (status: number, message: string): FixedAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify({ errors: [message] }),
});

export const vaultFaults: readonly Fault[] = [
  outage(
    'vault killed',
    ({ services }) => services.openbao.kill(),
    ({ services }) => services.openbao.restart(),
  ),
  outage(
    'vault sealed',
    ({ services }) => services.openbao.seal(),
    ({ services }) => services.openbao.unseal(),
  ),
  outage(
    'vault hung',
    ({ services }) => services.openbao.suspend(),
    ({ services }) => services.openbao.resume(),
  ),
  outage(
    'vault partitioned',
    ({ services }) => services.faults.partition(),
    ({ services }) => services.faults.openbao.heal(),
  ),
  answers('403', json(403, 'permission denied')),
  answers('429', json(429, 'request path "database/creds/bench": rate limit quota exceeded')),
  answers('500', json(500, 'internal error')),
  answers('HTML', { status: 200, contentType: 'text/html', body: '<html><body>Welcome to the proxy</body></html>' }),
];
