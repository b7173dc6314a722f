import { EventEmitter, once } from 'node:events';
import { queryPostgres } from '@keyturn/dev-services';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RotatingFixture, type RotatingFixtureOptions } from '../../rotating-data-source.fixture.js';
import { codeOf, underLoad } from '../load.fixture.js';

const { superuser } = inject('servers').postgres;
const group = 'ended';

beforeAll(() => queryPostgres(superuser, `CREATE ROLE ${group}`));
afterAll(() => queryPostgres(superuser, `DROP ROLE ${group}`));

/** A data source whose first credentials end after a second and a half, while the source is asked for others. */
async function started(options: RotatingFixtureOptions = {}) {
  const fixture = new RotatingFixture(superuser, group, { ttlMs: 1_500, ...options });
  await fixture.dataSource.initialize();
  const source = new EventEmitter();
  fixture.source.issuesAfter = once(source, 'answer');
  return { fixture, answer: () => source.emit('answer') };
}

/** Callers that come after the credentials have ended. @returns the code of each of their failures, or `served` */
function callers({ dataSource }: RotatingFixture): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: 20 }, () => dataSource.query('SELECT 1').then(() => 'served', codeOf)));
}

describe('Callers of credentials that end while the source takes long to give others', () => {
  it('are all served, by the next credentials', async () => {
    const { fixture, answer } = await started();
    const load = await underLoad({ work: [() => fixture.dataSource.query('SELECT 1')], workers: 8 }, async () => {
      await fixture.event('credentialsExpired');
      answer();
      await fixture.event('credentialsRotated');
      await fixture.dataSource.query('SELECT 1');
    });
    expect(load.failures.map(codeOf)).toEqual([]);
    await fixture[Symbol.asyncDispose]();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });

  it('are all told when the data source is closed', async () => {
    const { fixture, answer } = await started();
    await fixture.event('credentialsExpired');
    const told = callers(fixture);
    await fixture.dataSource.destroy();
    expect(new Set(await told)).toEqual(new Set(['DATABASE_POOL_CLOSED']));
    answer();
    await fixture[Symbol.asyncDispose]();
    expect(await fixture.source.liveRoles()).toEqual([]);
  });

  it('are all told when the application stops, although the source still hangs', async () => {
    const { fixture, answer } = await started({ rotation: { shutdownMs: 500 } });
    await fixture.event('credentialsExpired');
    const told = callers(fixture);
    await fixture.controller.stop();
    expect(new Set(await told)).toEqual(new Set(['DATABASE_POOL_CLOSED']));
    answer();
    await expect.poll(() => fixture.source.issued.length).toBe(2);
    await expect.poll(() => fixture.source.liveRoles()).toEqual([]);
  });

  it('are all told when the time for the next credentials is over', async () => {
    const { fixture, answer } = await started({ rotation: { credentialBudgetMs: 300 } });
    await fixture.event('credentialsExpired');
    expect(new Set(await callers(fixture))).toEqual(new Set(['DATABASE_CREDENTIALS_EXPIRED']));
    answer();
    await fixture.event('credentialsRotated');
    expect(new Set(await callers(fixture))).toEqual(new Set(['served']));
    await fixture[Symbol.asyncDispose]();
  });
});
