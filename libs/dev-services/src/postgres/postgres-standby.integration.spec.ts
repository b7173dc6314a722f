import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevServices } from '../dev-services.js';

describe.each([false, true])('PostgresStandby, with TLS: %s', (tls) => {
  let services: DevServices;

  beforeAll(async () => {
    services = await DevServices.start({
      postgres: { tls, standby: true, setup: ['CREATE TABLE recipes (name text)', "INSERT INTO recipes VALUES ('soup')"] },
    });
  });
  afterAll(() => services?.stop());

  const there = (): Promise<unknown[]> => services.postgres.standby.query('SELECT name FROM recipes');

  it('has the data of its primary and takes none', async () => {
    expect(await there()).toEqual([{ name: 'soup' }]);
    await expect(services.postgres.standby.query("INSERT INTO recipes VALUES ('stew')")).rejects.toMatchObject({ code: '25006' });
  });

  it('follows its primary, also after a restart', async () => {
    const { port } = services.postgres.standby;
    await services.postgres.query("INSERT INTO recipes VALUES ('stew')");
    await expect.poll(there, { timeout: 20_000 }).toHaveLength(2);
    await services.postgres.standby.restart();
    await services.postgres.query("INSERT INTO recipes VALUES ('cake')");
    await expect.poll(there, { timeout: 20_000 }).toHaveLength(3);
    expect(services.postgres.standby.port).toBe(port);
  });

  it('shows what is committed no sooner than its delay', async () => {
    await services.postgres.standby.setApplyDelay(1_500);
    const committedAt = performance.now();
    await services.postgres.query("INSERT INTO recipes VALUES ('pie')");
    await expect.poll(there, { timeout: 20_000, interval: 20 }).toContainEqual({ name: 'pie' });
    expect(performance.now() - committedAt).toBeGreaterThanOrEqual(1_400);
  });
});

describe('A server that was started without a standby', () => {
  it('names the option for one', async () => {
    await using services = await DevServices.start({ postgres: true });
    expect(() => services.postgres.standby).toThrow('`postgres: { standby: true }`');
  });
});
