import { describe, expect, it } from 'vitest';
import { ServerStartFailedError } from './server-start-failed.error.js';

const failure = { server: 'PostgreSQL', reason: 'it ended with exit code 1', remedy: 'Check the settings given.' };

describe('The error of a server that did not start', () => {
  it.each<[string, { lastOutput?: string }, string]>([
    ['ends with the last lines of the server', { lastOutput: 'FATAL: a\nHINT: b' }, '\nIts last output:\n  | FATAL: a\n  | HINT: b'],
    ['says that the server printed nothing', { lastOutput: '' }, '\nIt printed nothing.'],
    ['says so as well when nobody listened', {}, '\nIt printed nothing.'],
  ])('%s', (_, output, end) =>
    expect(new ServerStartFailedError({ ...failure, ...output }).message).toBe(
      `PostgreSQL did not start: it ended with exit code 1. Check the settings given.${end}`,
    ),
  );

  it('keeps what caused it', () => {
    const cause = new Error('EACCES');
    expect(new ServerStartFailedError(failure, { cause })).toMatchObject({ name: 'ServerStartFailedError', cause });
  });
});
