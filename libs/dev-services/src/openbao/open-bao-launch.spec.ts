import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OpenBaoProgram } from '../locate/open-bao-program.js';
import { openBaoLaunch, type OpenBaoArguments } from './open-bao-launch.js';

const binary: OpenBaoProgram = { kind: 'binary', path: '/opt/bao', source: 'a spec' };
const container: OpenBaoProgram = { kind: 'container', runtime: '/usr/bin/podman', image: 'openbao/openbao:2.7.2', source: 'a spec' };
const given: OpenBaoArguments = { args: ['-dev'], env: { BAO_DEV_ROOT_TOKEN_ID: 'root-of-all' }, folder: '/scratch/openbao' };

afterEach(() => vi.unstubAllEnvs());

describe('The process of a binary', () => {
  it('runs the server in its folder, which is its home as well', () => {
    expect(openBaoLaunch(binary, given)).toMatchObject({
      command: '/opt/bao',
      args: ['server', '-dev'],
      cwd: '/scratch/openbao',
      stopSignal: 'SIGTERM',
      env: { HOME: '/scratch/openbao', BAO_DEV_ROOT_TOKEN_ID: 'root-of-all' },
    });
  });

  it('gets the PATH of this process, and nothing else that could configure it', () => {
    vi.stubEnv('VAULT_ADDR', 'https://vault.example.com');
    vi.stubEnv('BAO_LOG_LEVEL', 'trace');
    vi.stubEnv('PATH', '/usr/bin');
    expect(openBaoLaunch(binary, given).env).toEqual({ PATH: '/usr/bin', HOME: '/scratch/openbao', BAO_DEV_ROOT_TOKEN_ID: 'root-of-all' });
  });

  it('is signalled itself', () => expect(openBaoLaunch(binary, given)).not.toHaveProperty('controlCommand'));
});

describe('The process of a container', () => {
  const plan = openBaoLaunch(container, given);
  const argument = (flag: string): string | undefined => plan.args[plan.args.indexOf(flag) + 1];

  it('runs the image on the network of the machine, and is removed at its end', () => {
    expect(plan.command).toBe('/usr/bin/podman');
    expect(plan.args.slice(0, 2)).toEqual(['run', '--rm']);
    expect(argument('--network')).toBe('host');
    expect(plan.args.slice(-3)).toEqual(['openbao/openbao:2.7.2', 'server', '-dev']);
  });

  it('sees its folder at the same path, so that the paths of its configuration hold', () =>
    expect(argument('--volume')).toBe('/scratch/openbao:/scratch/openbao'));

  it('names a secret in the argument list, which every user of the machine can read, and keeps its value out of it', () => {
    expect(plan.args).toContain('BAO_DEV_ROOT_TOKEN_ID');
    expect(plan.args.join(' ')).not.toContain('root-of-all');
    expect(plan.env).toMatchObject({ BAO_DEV_ROOT_TOKEN_ID: 'root-of-all', HOME: '/scratch/openbao' });
  });

  it('is signalled through its runtime, by the name that it runs under', () =>
    expect(plan.controlCommand).toEqual(['/usr/bin/podman', 'kill', argument('--name'), '--signal']));

  it('has a name that no other start has', () => {
    const names = Array.from({ length: 10 }, () => openBaoLaunch(container, given).controlCommand?.[2]);
    expect(new Set(names).size).toBe(10);
  });
});
