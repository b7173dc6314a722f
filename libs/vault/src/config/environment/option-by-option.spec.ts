import { describe, expect, it } from 'vitest';
import { token } from '../../auth/token/token.auth-method.js';
import { completedFromEnvironment } from './environment.js';
import { base, described, effects, existing, valueAt } from '../options-page.fixture.js';
import type { VaultOptions } from '../vault-options.js';

/** A value for each option that there is. None is its default, and none is what a variable of `effects` says. */
const given: Readonly<Record<string, unknown>> = {
  address: 'https://given.test',
  auth: token('given'),
  namespace: 'given',
  'tls.caFile': '/given.pem',
  'tls.caFolder': '/given',
  'tls.ca': 'GIVEN',
  'tls.certFile': '/given-cert.pem',
  'tls.keyFile': '/given-key.pem',
  'tls.serverName': 'given',
  'tls.skipVerify': false,
  cache: false,
  'cache.ttlMs': 1,
  'cache.maxEntries': 1,
  'cache.staleIfUnavailableMs': 1,
  retry: false,
  'retry.attempts': 2,
  'retry.initialDelayMs': 1,
  'retry.maxDelayMs': 1,
  'retry.budget.ratio': 0.5,
  'retry.budget.reserve': 1,
  'http.timeoutMs': 1,
  'http.connectTimeoutMs': 1,
  'http.maxResponseBytes': 1,
  'http.maxConnections': 1,
  'http.proxy': 'http://given.test',
  'session.renewAtFraction': 0.5,
  'leases.renewAtFraction': 0.5,
  'kv.mountPoint': 'given',
  numbers: 'exact',
};

/** Three ways to say whom to trust: who says it in one of them is not asked for the others. */
const trust = new Set(['tls.caFile', 'tls.caFolder', 'tls.ca']);
const variableRows = [...described].flatMap(([option, { variables }]) => variables.map((variable) => ({ option, variable })));
const table = [...existing.keys()].flatMap((option) => variableRows.map((row) => ({ given: option, ...row })));

function settles(option: string, other: string): boolean {
  return option === other || other.startsWith(`${option}.`) || (trust.has(option) && trust.has(other));
}

/** `{ tls: { ca: 'GIVEN' } }` for `tls.ca`. */
function optionsWith(path: string, value: unknown): Partial<VaultOptions> {
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Partial<VaultOptions>;
}

describe('an option that is left out comes from its variable, whatever else is given', () => {
  it('is shown with every option', () => expect(Object.keys(given).toSorted()).toEqual([...existing.keys()].toSorted()));

  it.each(table.filter((row) => !settles(row.given, row.option)))('$variable sets `$option` beside `$given`', (row) => {
    const [environment, expected] = effects[row.variable] ?? [];
    const { options } = completedFromEnvironment(optionsWith(row.given, given[row.given]), { ...base, ...environment });
    expect(valueAt(options, row.option)).toEqual(expected);
    expect(valueAt(options, row.given)).toBe(given[row.given]);
  });

  it.each(table.filter((row) => settles(row.given, row.option)))('$variable does not change `$option` that `$given` settles', (row) => {
    const [environment] = effects[row.variable] ?? [];
    const options = optionsWith(row.given, given[row.given]);
    const completed = completedFromEnvironment(options, { ...base, ...environment }).options;
    expect(valueAt(completed, row.given)).toBe(given[row.given]);
    expect(valueAt(completed, row.option)).toBe(valueAt(options, row.option));
  });

  it.each(table.filter((row) => row.given === row.option))(
    '$variable is not even read where `$given` is given',
    ({ given: option, variable }) => {
      const broken = { ...base, [variable]: undefined, [`${variable}_FILE`]: '/none' };
      expect(() => completedFromEnvironment(optionsWith(option, given[option]), broken)).not.toThrow();
    },
  );

  it.each([...new Set(variableRows.map(({ option }) => option))])('takes `%s: undefined` for left out', (option) => {
    const bare = completedFromEnvironment({}, base).options;
    expect(valueAt(completedFromEnvironment(optionsWith(option, undefined), base).options, option)).toEqual(valueAt(bare, option));
  });
});
