import { setTimeout as sleep } from 'node:timers/promises';
import { brokenConnection, type ChaosContext, type Fault } from './fault.js';
import { expectRefusal, recoverWithin } from './recover-within.js';

const recoveryMs = 6_000;
const servedMs = 5_500;
const inFlight = [...brokenConnection, '42501'];

const credentialsExpired: Fault = {
  name: 'credentials expired while vault is away',
  excuses: ['DATABASE_CREDENTIALS_EXPIRED', 'DATABASE_CREDENTIALS_UNAVAILABLE', 'DATABASE_DRAIN_DEADLINE_EXCEEDED'],
  async run({ proxy, application }) {
    proxy.answerWith({ status: 500, contentType: 'application/json', body: '{"errors":["internal error"]}' });
    const startedAt = performance.now();
    while (application.credentials.snapshot().state !== 'expired') {
      if (performance.now() - startedAt > 60_000) throw new Error('The credentials did not expire.');
      await sleep(100);
    }
    const askedAt = performance.now();
    const refused = await application.dataSource.query('SELECT 1').then(
      () => false,
      () => true,
    );
    if (!refused || performance.now() - askedAt > 500) throw new Error('A caller was not told at once that the credentials have expired.');
    await sleep(1_000);
    const before = application.credentials.snapshot().rotations;
    proxy.answerWith(undefined);
    await recoverWithin(application, before, recoveryMs);
  },
};

const roleDropped: Fault = {
  name: 'role dropped by an operator',
  excuses: inFlight,
  async run(context) {
    await interfereUnder(context, () => context.services.postgres.query(`DROP ROLE "${currentUser(context)}"`));
  },
};

const passwordChanged: Fault = {
  name: 'password changed by an operator',
  excuses: inFlight,
  async run(context) {
    await interfereUnder(context, () => context.services.postgres.query(`ALTER ROLE "${currentUser(context)}" PASSWORD 'something-else'`));
  },
};

const leaseRevoked: Fault = {
  name: 'lease revoked by an operator',
  excuses: inFlight,
  async run(context) {
    await interfereUnder(context, () => context.services.openbao.api('POST', 'sys/leases/revoke-prefix/database/creds/bench'));
  },
};

const brokenLogins: Fault = {
  name: 'new credentials do not log in',
  excuses: [],
  async run({ services, application }) {
    const { data } = await services.openbao.api('GET', 'database/roles/bench');
    const role = { ...data };
    const broken = [`CREATE ROLE "{{name}}" NOLOGIN PASSWORD '{{password}}';`];
    await services.openbao.api('POST', 'database/roles/bench', { ...role, creation_statements: broken });
    const before = application.credentials.snapshot().rotations;
    try {
      await expectRefusal(application);
    } finally {
      await services.openbao.api('POST', 'database/roles/bench', role);
    }
    await recoverWithin(application, before, recoveryMs);
  },
};

export const credentialFaults: readonly Fault[] = [credentialsExpired, roleDropped, passwordChanged, leaseRevoked, brokenLogins];

function currentUser({ application }: ChaosContext): string {
  return application.credentials.snapshot().username ?? 'none';
}

/** Waits until the credentials have served for a while: refused sooner, they count as issued in vain, and there is a budget for those. */
async function inForce({ application: { credentials } }: ChaosContext): Promise<void> {
  let { generation } = credentials;
  for (let sinceMs = performance.now(); performance.now() - sinceMs < servedMs;) {
    await sleep(50);
    if (credentials.generation !== generation) sinceMs = performance.now();
    generation = credentials.generation;
  }
}

/** Makes `interfere` happen and then ends one session, so that the pool opens a connection, which is when it notices. */
async function interfereUnder(context: ChaosContext, interfere: () => Promise<unknown>): Promise<void> {
  const { postgres } = context.services;
  await inForce(context);
  const [session] = await postgres.query('SELECT pid FROM pg_stat_activity WHERE usename = $1 LIMIT 1', [currentUser(context)]);
  const before = context.application.credentials.snapshot().rotations;
  await interfere();
  const recovered = recoverWithin(context.application, before, recoveryMs);
  await postgres.query('SELECT pg_terminate_backend($1)', [session?.['pid']]);
  await recovered;
}
