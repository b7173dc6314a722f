import { describe, expect, it } from 'vitest';
import { mayAcceptLater, postgresFailureKind, postgresFailureReason } from './postgres-failure.js';

const coded = (code: string): Error => Object.assign(new Error('refused'), { code });
const refused = (routine: string | undefined, message: string): Error => Object.assign(coded('28000'), { routine, message });

describe('postgresFailureKind', () => {
  it.each([
    [coded('28P01'), 'login'],
    [coded('28000'), 'login'],
    [coded('53300'), 'overload'],
    [coded('57P03'), 'network'],
    [coded('08006'), 'network'],
    [coded('ECONNREFUSED'), 'network'],
    [coded('EAI_AGAIN'), 'network'],
    [coded('ENOTFOUND'), 'name'],
    [coded('3D000'), 'configuration'],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'configuration'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'configuration'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'configuration'],
    [coded('INVALID_PURPOSE'), 'configuration'],
    [coded('INVALID_CA'), 'configuration'],
    [coded('PATH_LENGTH_EXCEEDED'), 'configuration'],
    [coded('HOSTNAME_MISMATCH'), 'configuration'],
    [coded('ERROR_IN_CERT_NOT_AFTER_FIELD'), 'configuration'],
    [coded('UNSPECIFIED'), 'configuration'],
    [coded('EPROTO'), 'configuration'],
    [coded('ABORT_ERR'), 'other'],
    [coded('ERR_INVALID_ARG_TYPE'), 'other'],
    [new Error('Connection terminated unexpectedly'), 'network'],
    [new Error('Connection terminated due to connection timeout'), 'network'],
    [new Error('The server does not support SSL connections'), 'configuration'],
    [new AggregateError([coded('ECONNREFUSED')]), 'network'],
    [coded('42P01'), 'other'],
    ['a string', 'other'],
  ] as const)('takes %s as %s', (error, expected) => expect(postgresFailureKind(error)).toBe(expected));

  it('names the reason without the text of the server', () => {
    expect(postgresFailureReason(coded('28P01'))).toBe('28P01');
    expect(postgresFailureReason(new Error('Connection terminated unexpectedly'))).toBe('connection closed or timed out');
  });
});

describe('mayAcceptLater', () => {
  it.each([
    ['a password that is not known yet, or of a directory', refused('auth_failed', 'password authentication failed for user "v"'), true],
    ['a role that is not there yet', refused('InitializeSessionUserId', 'role "v" does not exist'), true],
    ['a pooler that names no routine', refused(undefined, 'no such user'), true],
    ['a role that may not log in', refused('InitializeSessionUserId', 'role "v" is not permitted to log in'), false],
    ['a missing rule', refused('ClientAuthentication', 'no pg_hba.conf entry for host "::1"'), false],
  ])('of %s: %s', (_, error, expected) => expect(mayAcceptLater(error)).toBe(expected));
});
