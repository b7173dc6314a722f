import { once } from 'node:events';
import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { IssuedCredential } from '../../../credentials/issued-credential.js';
import { RotatingFixture } from '../../rotating-data-source.fixture.js';

const admin = inject('servers').postgres.superuser;
const group = 'credential_budget';

beforeAll(() => queryPostgres(admin, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(admin, `DROP ROLE ${group}`));

async function start(credentialBudgetMs: number): Promise<RotatingFixture> {
  const fixture = new RotatingFixture(admin, group, { rotation: { credentialBudgetMs, shutdownMs: 500 } });
  await fixture.dataSource.initialize();
  return fixture;
}

/** Another password, and no session left. */
async function refuse({ controller, dataSource }: RotatingFixture): Promise<void> {
  const { username } = controller.snapshot();
  const pool = (dataSource.driver as unknown as { master: { totalCount: number } }).master;
  await queryPostgres(admin, `ALTER ROLE ${username} PASSWORD 'another'`);
  await queryPostgres(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${username}'`);
  await expect.poll(() => pool.totalCount).toBe(0);
}

const code = (error: unknown): unknown => (error as { code?: string }).code;

describe('While the database refuses the credentials, callers', () => {
  it('wait for a source that fails at first', async () => {
    await using fixture = await start(30_000);
    fixture.source.failWith = new Error('away');
    await refuse(fixture);
    const answers = Promise.all([1, 2, 3].map(() => fixture.dataSource.query('SELECT 1 AS one').catch(code)));
    await fixture.event('rotationFailed');
    fixture.source.failWith = undefined;
    expect(await answers).toEqual([1, 2, 3].map(() => [{ one: 1 }]));
    expect(fixture.controller.snapshot().generation).toBe(2);
  });

  it('wait until it accepts them after all', async () => {
    await using fixture = await start(30_000);
    const [issued] = fixture.source.issued;
    fixture.source.failWith = new Error('away');
    await refuse(fixture);
    const answer = fixture.dataSource.query('SELECT 1 AS one').catch(code);
    await fixture.event('rotationFailed');
    await queryPostgres(admin, `ALTER ROLE ${issued?.credential.username} PASSWORD '${issued?.credential.revealPassword()}'`);
    expect(await answer).toEqual([{ one: 1 }]);
    expect(fixture.controller.snapshot().generation).toBe(1);
  });

  it('wait for a source that stays away until no other try fits into the budget', async () => {
    await using fixture = await start(3_000);
    fixture.source.failWith = new Error('away');
    await refuse(fixture);
    const askedAt = performance.now();
    const error = await fixture.dataSource.query('SELECT 1').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'DATABASE_CREDENTIALS_UNAVAILABLE', message: expect.stringContaining('away') as string });
    expect(performance.now() - askedAt).toBeLessThan(3_500);
    expect(fixture.events.filter(({ type }) => type === 'rotationFailed').length).toBeGreaterThanOrEqual(2);
  });

  it('wait no longer than the budget for a source that hangs', async () => {
    await using fixture = await start(500);
    const answered = new EventTarget();
    const issue = fixture.source.issue.bind(fixture.source);
    fixture.source.issue = async (): Promise<IssuedCredential> => (await once(answered, 'answer'), issue());
    await refuse(fixture);
    const askedAt = performance.now();
    const answers = [1, 2].map(() => fixture.dataSource.query('SELECT 1').catch(code));
    expect(await Promise.all(answers)).toEqual(['DATABASE_CREDENTIALS_UNAVAILABLE', 'DATABASE_CREDENTIALS_UNAVAILABLE']);
    expect(performance.now() - askedAt).toBeLessThan(1_500);
    answered.dispatchEvent(new Event('answer'));
    await fixture.event('credentialsRotated');
    expect(await fixture.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('wait no longer than until the application stops', async () => {
    const fixture = await start(30_000);
    fixture.source.failWith = new Error('away');
    await refuse(fixture);
    const answer = fixture.dataSource.query('SELECT 1').catch(code);
    await fixture.event('rotationFailed');
    await fixture.controller.stop();
    expect(await answer).toBe('DATABASE_POOL_CLOSED');
    await fixture[Symbol.asyncDispose]();
  });
});
