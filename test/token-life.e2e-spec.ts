import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrimoireServices } from './support/grimoire-services.js';
import { Load } from './support/load.js';

const paths = ['/recipes/1', '/recipes'];
const loginPath = 'auth/approle/login';

let grimoire: GrimoireServices;
beforeAll(async () => {
  grimoire = await GrimoireServices.start({ appRole: { token_ttl: '4s', token_max_ttl: '12s' } });
});
afterAll(() => grimoire?.stop());

describe('an AppRole token with a TTL of 4 s and a max TTL of 12 s', () => {
  it('serves for 30 s: renewed, then replaced together with all that hangs on it', async () => {
    await using app = await grimoire.launch();
    const logins = grimoire.wiretap.count('POST', loginPath);
    const load = new Load(app.url, { clients: 8, paths, thinkMs: 5 });
    // As long as the requirement says.
    await sleep(30_000);
    const report = await load.stop();
    const renewals = grimoire.wiretap.count('POST', 'auth/token/renew-self');
    const furtherLogins = grimoire.wiretap.count('POST', loginPath) - logins;
    process.stdout.write(`token: ${JSON.stringify({ ...report, renewals, furtherLogins })}\n`);
    expect(report).toMatchObject({ statuses: { 200: report.requests }, errors: {}, samples: [] });
    expect(renewals).toBeGreaterThanOrEqual(4);
    expect(furtherLogins).toBeGreaterThanOrEqual(2);
    expect((await app.program.end('SIGTERM')).code).toBe(0);
    expect(await grimoire.mintedUsers()).toEqual([]);
  });
});

describe('a token that is revoked by hand', () => {
  it('is replaced by the next call to Vault, and no caller sees anything', async () => {
    await using app = await grimoire.launch();
    const load = new Load(app.url, { clients: 8, paths, thinkMs: 5 });
    const logins = grimoire.wiretap.count('POST', loginPath);
    await expect.poll(() => load.answered, { timeout: 20_000 }).toBeGreaterThan(100);
    await grimoire.services.openbao.api('POST', 'auth/token/revoke', { token: grimoire.wiretap.tokens.at(-1) });
    await expect.poll(() => grimoire.wiretap.count('POST', loginPath), { timeout: 20_000 }).toBeGreaterThan(logins);
    // The user of the database went with the token: new credentials follow the new token.
    const credentials = await app.program.logged(/rotated/i);
    expect(credentials).toBeTruthy();
    const before = load.answered;
    await expect.poll(() => load.answered, { timeout: 20_000 }).toBeGreaterThan(before + 100);
    const report = await load.stop();
    process.stdout.write(`revoked token: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ statuses: { 200: report.requests }, errors: {}, samples: [] });
    expect((await fetch(new URL('/health', app.url))).status).toBe(200);
  });
});

describe('the output', () => {
  it('holds no secret', () => {
    expect(grimoire.ledger.size).toBeGreaterThan(10);
    expect(grimoire.leaks()).toEqual([]);
  });
});
