import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrimoireServices } from './support/grimoire-services.js';
import { SecretLedger } from './support/secret-ledger.js';

describe('the search for secrets', () => {
  it.each([
    ['plain', (secret: string) => secret],
    ['url', encodeURIComponent],
    ['base64', (secret: string) => Buffer.from(secret).toString('base64')],
    ['hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['json', (secret: string) => JSON.stringify(secret).slice(1, -1)],
  ])('finds one that is printed in %s and names the line', (form, write) => {
    const ledger = new SecretLedger();
    ledger.addFrom(JSON.stringify({ data: { username: 'v-app', password: 'A1a-"quoted" & long' } }));
    expect(ledger.search('log', `first line\n{"detail":"${write('A1a-"quoted" & long')}"}\n`)).toContainEqual({
      output: 'log',
      line: 2,
      form,
    });
  });

  it('finds nothing in what holds none', () => {
    const ledger = new SecretLedger();
    ledger.add('s.abcdefghijkl');
    expect(ledger.search('log', 's.abcdefghijk is too short to be it')).toEqual([]);
  });
});

describe('an application that logs all it can', () => {
  let grimoire: GrimoireServices;
  beforeAll(async () => {
    grimoire = await GrimoireServices.start({ dynamicTtl: '3s', appRole: { token_ttl: '4s' } });
  });
  afterAll(() => grimoire?.stop());

  it('prints no secret through start, renewal, rotation, trouble and end', async () => {
    await using app = await grimoire.launch({ NEST_LOG_LEVEL: 'verbose', NODE_DEBUG: 'http,net,tls', DEBUG: '*', DB_DRAIN_MS: '500' });
    await app.program.logged(/Token renewed/);
    await expect.poll(() => grimoire.wiretap.count('GET', 'database/creds/grimoire-reader'), { timeout: 20_000 }).toBeGreaterThan(2);
    await grimoire.services.faults.reset();
    await app.program.logged(/renewal failed|log-in .* failed/i);
    await grimoire.services.faults.heal();
    expect((await fetch(new URL('/health', app.url))).status).toBeLessThan(504);
    await app.program.end('SIGTERM');

    process.stdout.write(`secret scan: ${JSON.stringify({ secrets: grimoire.ledger.size, characters: grimoire.printed })}\n`);
    expect(grimoire.ledger.size).toBeGreaterThan(8);
    expect(grimoire.printed).toBeGreaterThan(1_000);
    expect(grimoire.leaks()).toEqual([]);
  });

  it('would be caught if it printed one', () => {
    const token = grimoire.wiretap.tokens.at(-1) ?? '';
    expect(grimoire.ledger.search('log', `{"level":"log","message":"token ${token}"}`)).toEqual([
      { output: 'log', line: 1, form: 'plain' },
    ]);
  });
});
