import { NotFoundException } from '@nestjs/common';
import { PoolTimeoutError } from '@keyturn/database';
import { VaultUnreachableError } from '@keyturn/vault';
import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { problemOf } from './problem.js';

const failure = (message: string, code?: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code });

describe('problemOf', () => {
  it.each([
    ['a refused connection', failure('connect ECONNREFUSED 10.0.0.7:5432', 'ECONNREFUSED')],
    ['a refused log-in', failure('password authentication failed for user "v-app-1"', '28P01')],
    ['a full server', failure('too many clients', '53300')],
    ['a server that shuts down', failure('terminating connection', '57P01')],
    ['a connection that broke', failure('Connection terminated unexpectedly')],
    ['a revoked role', new QueryFailedError('SELECT 1', [], failure('permission denied for table recipes', '42501'))],
    ['credentials that Vault cannot issue', new VaultUnreachableError('No connection to Vault.')],
    ['a pool without a free connection', new PoolTimeoutError('No connection became free within 5 s.')],
  ])('answers 503 with Retry-After to %s', (_what, error) => {
    const { statusCode, retryAfterSeconds, body, internal } = problemOf(error);
    expect({ statusCode, internal }).toEqual({ statusCode: 503, internal: true });
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain(error.message);
  });

  it.each([
    ['a broken statement', new QueryFailedError('SELECT secret', [], failure('relation "recipes" does not exist', '42P01'))],
    ['a bug', new TypeError("Cannot read properties of undefined (reading 'id')")],
    ['a thrown string', 'password=hunter22'],
  ])('answers 500 that says nothing of the inside to %s', (_what, error) => {
    const { body, ...problem } = problemOf(error);
    expect(problem).toEqual({ statusCode: 500, internal: true });
    expect(body).toEqual({ statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' });
  });

  it('passes on what the application says to its caller', () => {
    const { statusCode, body, internal } = problemOf(new NotFoundException('There is no recipe 9.'));
    expect({ statusCode, internal }).toEqual({ statusCode: 404, internal: false });
    expect(body).toMatchObject({ message: 'There is no recipe 9.' });
  });

  it('keeps the status of a request that Express refuses', () => {
    const error = Object.assign(new URIError("Failed to decode param '%E0'"), { status: 400 });
    expect(problemOf(error)).toEqual({
      statusCode: 400,
      body: { statusCode: 400, error: 'Bad Request', message: 'Bad Request' },
      internal: false,
    });
  });
});
