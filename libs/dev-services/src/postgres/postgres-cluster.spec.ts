import { afterEach, describe, expect, it, vi } from 'vitest';
import { postgresPlan } from './postgres-cluster.js';
import { binariesBelow } from './programs/postgres-binaries.js';

const binaries = binariesBelow('/programs', 'linux');

afterEach(() => vi.unstubAllEnvs());

describe('The process of a program of PostgreSQL', () => {
  it('takes nothing from the environment that could point it at another server', () => {
    vi.stubEnv('PATH', '/usr/bin');
    vi.stubEnv('PGDATA', '/var/lib/postgresql');
    vi.stubEnv('PGPASSWORD', 'a-password');
    vi.stubEnv('SystemRoot', undefined);
    const { env } = postgresPlan({ folder: '/scratch', binaries, user: {} }, binaries.initdb, []);
    expect(env).toEqual({ PATH: '/usr/bin', HOME: '/scratch', LC_ALL: 'C' });
  });

  it('keeps SystemRoot, which programs on Windows do not start without', () => {
    vi.stubEnv('SystemRoot', 'C:\\Windows');
    expect(postgresPlan({ folder: '/scratch', binaries, user: {} }, binaries.postgres, []).env).toMatchObject({
      SystemRoot: 'C:\\Windows',
    });
  });

  it.each([
    ['as the user that PostgreSQL needs', { uid: 70, gid: 71 }, { uid: 70, gid: 71 }],
    ['as the caller where it may', {}, { cwd: '/scratch' }],
  ])('runs %s', (_, user, expected) => {
    const plan = postgresPlan({ folder: '/scratch', binaries, user }, '/programs/bin/postgres', ['-p', '5432']);
    expect(plan).toMatchObject({ command: '/programs/bin/postgres', args: ['-p', '5432'], stopSignal: 'SIGQUIT', ...expected });
    expect('uid' in plan).toBe('uid' in user);
  });
});
