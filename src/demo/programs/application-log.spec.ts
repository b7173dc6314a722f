import { describe, expect, it } from 'vitest';
import { eventKindOf, parseLogLine } from './application-log.js';

describe('parseLogLine', () => {
  it('reads a JSON line of the application', () => {
    const text = '{"level":"log","pid":1,"timestamp":1,"message":"Token renewed; it lives 20 s.","context":"Vault"}';
    expect(parseLogLine(text)).toEqual({ level: 'log', message: 'Token renewed; it lives 20 s.', context: 'Vault' });
  });

  it.each(['', 'Segmentation fault', '42', 'null', '{"level":"log"}', '{"message":{}}'])('finds no line in %j', (text) => {
    expect(parseLogLine(text)).toBeUndefined();
  });
});

describe('eventKindOf', () => {
  it.each([
    ['Credentials of database/creds/grimoire-reader rotated (ending): generation 1 -> 2 as v-x, lives 8.0 s, 1 pools, 30 ms.', 'rotation'],
    ['Token renewed; it lives 20 s.', 'renewal'],
    ['Lease of database/creds/grimoire-reader renewed; it lives 8.0 s.', 'renewal'],
    ['Logged in with approle; the token lives 20 s.', 'log-in'],
    ['Token replaced (max-ttl).', 'note'],
    ['Generation 1 of database/creds/grimoire-reader drained in 12 ms.', 'note'],
  ] as const)('takes %j as a %s', (message, kind) => {
    expect(eventKindOf({ level: 'log', message, context: 'Vault' })).toBe(kind);
  });

  it('takes every warning and error as trouble', () => {
    expect(eventKindOf({ level: 'warn', message: 'Token renewal failed.', context: 'Vault' })).toBe('trouble');
  });

  it.each([
    ['warn', 'Vault warns about PUT sys/leases/renew: TTL of "8s" exceeded the effective max_ttl of "2s"; TTL value is capped accordingly'],
    ['log', 'Lease of database/creds/grimoire-reader revoked.'],
  ])('passes over what another line says as well: %s %s', (level, message) => {
    expect(eventKindOf({ level, message, context: 'Vault' })).toBeUndefined();
  });

  it('passes over what is not about credentials', () => {
    expect(eventKindOf({ level: 'log', message: 'Nest application started', context: 'NestApplication' })).toBeUndefined();
  });
});
