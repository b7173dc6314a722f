import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrimoireServices } from './support/grimoire-services.js';
import { Load } from './support/load.js';

let grimoire: GrimoireServices;
beforeAll(async () => {
  grimoire = await GrimoireServices.start({ dynamicTtl: '6s', appRole: { token_ttl: '5s', token_max_ttl: '1h' } });
});
afterAll(() => grimoire?.stop());

describe('A process that stood still until its token and its database user were gone', () => {
  it('goes on under load without a caller that notices', async () => {
    await using app = await grimoire.launch();
    const load = new Load(app.url, { clients: 16, paths: ['/recipes/1', '/recipes'], thinkMs: 2 });
    await expect.poll(() => load.answered, { timeout: 30_000 }).toBeGreaterThan(300);
    const logins = grimoire.wiretap.count('POST', 'auth/approle/login');

    for (let round = 1; round <= 3; round += 1) {
      app.program.signal('SIGSTOP');
      await expect.poll(() => grimoire.mintedUsers(), { timeout: 60_000, interval: 200 }).toEqual([]);
      const before = load.answered;
      app.program.signal('SIGCONT');
      await expect.poll(() => load.answered, { timeout: 30_000 }).toBeGreaterThan(before + 300);
      expect(grimoire.wiretap.count('POST', 'auth/approle/login')).toBeGreaterThanOrEqual(logins + round);
    }

    const report = await load.stop();
    process.stdout.write(`frozen: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ statuses: { 200: report.requests }, errors: {}, samples: [] });
    expect((await app.program.end('SIGTERM')).code).toBe(0);
  });
});
