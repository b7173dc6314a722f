import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { CredentialDefinition } from '../../../credentials/credential-definition.js';
import { dynamicRole } from '../../../credentials/roles/dynamic-role.js';
import { staticRole } from '../../../credentials/roles/static-role.js';
import type { RotationSnapshot } from '../../../rotation/report/rotation-snapshot.js';
import { DatabaseApplication } from '../../database-application.fixture.js';
import { jumpWallClock } from './wall-clock.fixture.js';

const servers = inject('servers');
const admin = servers.postgres.superuser;
const openbao = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const hourMs = 3_600_000;
/** The life of the credentials of the role `brief`. */
const briefMs = 4_000;
const mount = { mountPoint: 'jumpdb' };

beforeAll(async () => {
  await queryPostgres(admin, 'CREATE ROLE jump_app; CREATE ROLE jump_static LOGIN IN ROLE jump_app');
  const statements = { creation_statements: appRoleStatements({ role: 'jump_app' }) };
  await openbao.provision({
    database: {
      mount: 'jumpdb',
      dynamicRoles: {
        brief: { ...statements, default_ttl: '4s', max_ttl: '4s' },
        renewed: { ...statements, default_ttl: '3s', max_ttl: '1h' },
        long: { ...statements, default_ttl: '1h' },
      },
      staticRoles: { fixed: { username: 'jump_static', rotation_period: '5s' } },
    },
  });
});

interface Observed {
  readonly failures: readonly string[];
  readonly snapshot: RotationSnapshot;
  /** How far what people read of the end has moved. */
  readonly movedMs: number;
  /** How long replaced credentials were in force: from the request for them to the rotation. */
  readonly livesMs: readonly number[];
  /** From one rotation to the next. */
  readonly pausesMs: readonly number[];
}

const started = (credentials: CredentialDefinition) => DatabaseApplication.start({ servers, credentials });

/** Watches an application under load until `enough`, and stops it. */
async function observe(application: DatabaseApplication, enough: Promise<void>): Promise<Observed> {
  await using _ = application;
  const before = application.credentials.expiresAt!.getTime();
  const rotations: { readonly atMs: number; readonly endsAtMs: number }[] = [];
  application.credentials.subscribe((event) => {
    if (event.type !== 'credentialsRotated') return;
    const atMs = performance.now();
    rotations.push({ atMs, endsAtMs: atMs + event.expiresInMs });
  });
  const failures = await application.failuresUntil(enough);
  return {
    failures,
    snapshot: application.credentials.snapshot(),
    movedMs: application.credentials.expiresAt!.getTime() - before,
    livesMs: rotations.slice(1).map(({ atMs }, index) => atMs - (rotations[index]!.endsAtMs - briefMs)),
    pausesMs: rotations.slice(1).map(({ atMs }, index) => atMs - rotations[index]!.atMs),
  };
}

describe.each([
  ['ahead', hourMs],
  ['back', -hourMs],
])('When the wall clock jumps an hour %s', (_, byMs) => {
  let long: Observed;
  let renewed: Observed;
  let brief: Observed;
  let fixed: Observed;

  beforeAll(async () => {
    const all = [dynamicRole('long', mount), dynamicRole('renewed', mount), dynamicRole('brief', mount), staticRole('fixed', mount)];
    const applications = await Promise.all(all.map(started));
    // The password of the static role changes for this one when it does for the others: the clock jumps at the next change, and one
    // more follows.
    await using watch = await started(staticRole('fixed', mount));
    const enough = watch
      .rotations(1)
      .then(() => jumpWallClock(byMs))
      .then(() => watch.rotations(2));
    const observed = await Promise.all(applications.map((application) => observe(application, enough)));
    [long, renewed, brief, fixed] = observed as [Observed, Observed, Observed, Observed];
  });
  afterAll(() => vi.unstubAllGlobals());

  it('no query fails, and no try to replace or renew credentials does', () => {
    for (const { failures, snapshot } of [long, renewed, brief, fixed]) {
      expect(failures).toEqual([]);
      expect(snapshot.failures).toBe(0);
    }
  });

  it('a user of an hour is kept, and what people read of its end moves along', () => {
    expect(long.snapshot.generation).toBe(1);
    expect(long.snapshot.remainingMs).toBeGreaterThan(hourMs - 30_000);
    expect(Math.abs(long.movedMs - byMs)).toBeLessThan(1_000);
  });

  it('a user of 3 s goes on being renewed', () => expect(renewed.snapshot.generation).toBe(1));

  it('users of 4 s are replaced neither early nor late', () => {
    expect(brief.livesMs.length).toBeGreaterThanOrEqual(1);
    for (const lifeMs of brief.livesMs) {
      // The first quarter of a life is never cut, however long new credentials take.
      expect(lifeMs).toBeGreaterThan(briefMs / 4);
      expect(lifeMs).toBeLessThan(briefMs);
    }
  });

  it('the password of a static role is followed when it changes, every 5 s', () => {
    expect(fixed.snapshot.rotations).toBeGreaterThanOrEqual(1);
    for (const pauseMs of fixed.pausesMs) expect(Math.abs(pauseMs - 5_000)).toBeLessThan(1_500);
  });
});
