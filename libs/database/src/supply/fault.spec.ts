import { describe, expect, it } from 'vitest';
import { CredentialsUnavailableError } from '../errors/credentials-unavailable.error.js';
import { DatabaseConfigurationError } from '../errors/database-configuration.error.js';
import { LoginRejectedError } from '../errors/login-rejected.error.js';
import { ServerUnreachableError } from '../errors/server-unreachable.error.js';
import { faultOf } from './fault.js';

const configuration = (setting?: string): Error => new DatabaseConfigurationError('wrong', setting === undefined ? {} : { setting });

describe('faultOf', () => {
  it.each([
    ['a log-in that is refused', new LoginRejectedError('refused'), 'login'],
    ['a validation query that is denied', configuration('rotation.validationQuery'), 'grants'],
    ['a set-up statement that is denied', configuration('typeorm.extra.onConnect'), 'grants'],
    ['credentials that are not complete', configuration('credentials'), 'grants'],
    ['a server that is away', new ServerUnreachableError('away'), 'server'],
    ['a certificate that is not in order', configuration('typeorm.ssl'), 'server'],
    ['a setting that is not known', configuration(), 'server'],
    ['a lease that is lost', new CredentialsUnavailableError('lost'), 'other'],
    ['an error of a driver', new Error('broken'), 'other'],
  ])('of %s', (_, error, expected) => expect(faultOf(error)).toBe(expected));
});
