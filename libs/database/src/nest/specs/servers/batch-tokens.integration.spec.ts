import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { appRole } from '@keyturn/vault';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { DatabaseApplication } from '../../database-application.fixture.js';

const servers = inject('servers');
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);

beforeAll(async () => {
  await queryPostgres(servers.postgres.superuser, 'CREATE ROLE batch_app');
  await openbao.provision({
    approle: { 'batch-6': { token_type: 'batch', token_ttl: '6s' }, 'batch-15': { token_type: 'batch', token_ttl: '15s' } },
    database: {
      dynamicRoles: { hourly: { creation_statements: appRoleStatements({ role: 'batch_app' }), default_ttl: '1h', max_ttl: '24h' } },
    },
  });
});

interface Followed {
  readonly tokenLifeMs: number;
  readonly drainMs: number;
  readonly rotations: number;
}

/** Runs queries until the credentials have been replaced so often under batch tokens. */
async function follow({ tokenLifeMs, drainMs, rotations }: Followed) {
  await using application = await DatabaseApplication.start({
    servers,
    auth: appRole(await openbao.approle(`batch-${tokenLifeMs / 1_000}`)),
    credentials: dynamicRole('hourly'),
    rotation: { drainMs, jitter: 0 },
  });
  const steps: ('log-in' | 'rotation')[] = [];
  const rotatedAtMs = [performance.now()];
  const livesMs: number[] = [];
  application.vault.events.session.subscribe(({ type }) => type === 'loggedIn' && steps.push('log-in'));
  application.credentials.subscribe((event) => {
    if (event.type !== 'credentialsRotated') return;
    steps.push('rotation');
    rotatedAtMs.push(performance.now());
    livesMs.push(event.expiresInMs);
  });
  const failures = await application.failuresUntil(application.rotations(rotations));
  return { failures, steps, livesMs, intervalsMs: rotatedAtMs.slice(1).map((atMs, index) => atMs - rotatedAtMs[index]!) };
}

/** Each log-in is followed by one rotation. */
const inPairs = (count: number): readonly string[] => Array.from({ length: count }, () => ['log-in', 'rotation']).flat();

describe.concurrent('Credentials whose lease is clipped by a batch token', () => {
  it('are replaced when the session logs in, twice in two lives of a token, where the drain fits before their end', async () => {
    const tokenLifeMs = 15_000;
    const { failures, steps, intervalsMs } = await follow({ tokenLifeMs, drainMs: 1_000, rotations: 2 });
    expect(failures).toEqual([]);
    expect(steps).toEqual(inPairs(2));
    // A third one in two lives would need shorter intervals.
    for (const intervalMs of intervalsMs) expect(intervalMs).toBeGreaterThan((tokenLifeMs * 2) / 3);
  });

  it('are replaced sooner where the drain needs the time, once a log-in, which comes first', async () => {
    const { failures, steps, livesMs } = await follow({ tokenLifeMs: 6_000, drainMs: 30_000, rotations: 4 });
    expect(failures).toEqual([]);
    expect(steps).toEqual(inPairs(4));
    // Under the token that was in use they would have had what was left of it: 2 s, 1 s and less.
    for (const lifeMs of livesMs) expect(lifeMs).toBeGreaterThan(3_500);
  });

  it('are replaced under the token in use where the log-in fails, once: those that were lost are needed all the same', async () => {
    const { roleId, secretId } = await openbao.approle('batch-15');
    let secretIds = [secretId];
    await using application = await DatabaseApplication.start({
      servers,
      auth: appRole({ roleId, secretId: () => secretIds.pop() ?? '' }),
      credentials: dynamicRole('hourly'),
    });
    const { session } = application.vault;
    // Until a log-in is due before new credentials.
    await expect.poll(() => session.remainingMs(), { timeout: 30_000 }).toBeLessThan(11_000);
    await application.credentials.refreshNow();
    expect([session.epoch, application.credentials.snapshot().rotations]).toEqual([1, 1]);
    // Others under the same token would end no later.
    await expect.poll(() => application.events.map(({ type }) => type), { timeout: 30_000 }).toContain('rotationFailed');
    expect(application.credentials.snapshot().rotations).toBe(1);
    secretIds = [secretId];
    await application.rotations(2);
    expect(session.epoch).toBe(2);
  });
});
