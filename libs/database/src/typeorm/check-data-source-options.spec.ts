import { describe, expect, it } from 'vitest';
import { checkConnectionBound, checkDataSourceOptions } from './check-data-source-options.js';

const good = { type: 'postgres', host: 'db', database: 'app' };

describe('checkDataSourceOptions', () => {
  it.each([
    ['typeorm.type', { ...good, type: 'mysql' }],
    ['typeorm.url', { ...good, url: 'postgres://me:pa55word@db/app' }],
    ['typeorm.username', { ...good, username: 'me' }],
    ['typeorm.password', { ...good, password: 'pa55word' }],
    ['typeorm.nativeDriver', { ...good, nativeDriver: {} }],
    ['typeorm.extra.user', { ...good, extra: { user: 'me' } }],
    ['typeorm.extra.password', { ...good, extra: { password: 'pa55word' } }],
    ['typeorm.extra.url', { ...good, extra: { url: 'postgres://me:pa55word@db/app' } }],
    ['typeorm.extra.connectionString', { ...good, extra: { connectionString: 'postgres://me:pa55word@db/app' } }],
    ['typeorm.extra.verify', { ...good, extra: { verify: () => undefined } }],
    ['typeorm.replication.master.password', { ...good, replication: { master: { password: 'pa55word' }, slaves: [] } }],
    ['typeorm.replication.slaves[1].url', { ...good, replication: { master: {}, slaves: [{}, { url: 'postgres://me:pa55word@db' }] } }],
  ])('refuses %s without showing its value', (setting, options) => {
    const refusal = expect.objectContaining({
      code: 'DATABASE_CONFIGURATION_INVALID',
      setting,
      message: expect.not.stringContaining('pa55word'),
    });
    expect(() => checkDataSourceOptions(options)).toThrow(refusal);
  });

  it('takes null as left out, and a native driver that is switched off', () => {
    const nothing = { url: null, username: null, password: null, nativeDriver: false };
    expect(() => checkDataSourceOptions({ ...good, ...nothing, extra: { verify: null, connectionString: null } })).not.toThrow();
  });

  it('takes a data source without a login', () => {
    expect(() =>
      checkDataSourceOptions({ ...good, extra: { max: 5 }, replication: { master: { host: 'a' }, slaves: [{ host: 'b' }] } }),
    ).not.toThrow();
  });
});

describe('checkConnectionBound', () => {
  it.each([
    [{ poolSize: 10 }, 10],
    [{ extra: { max: 30 }, poolSize: 10 }, 20],
    [{}, 10],
  ])('refuses for %j a bound of %d sockets', (options, bound) => {
    expect(() => checkConnectionBound(options, bound)).toThrow(expect.objectContaining({ setting: 'rotation.maxConnections' }));
  });

  it('takes a bound of one more than the pool size', () => {
    expect(() => checkConnectionBound({ poolSize: 10 }, 11)).not.toThrow();
  });
});
