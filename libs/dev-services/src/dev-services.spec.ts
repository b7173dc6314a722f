import { afterEach, describe, expect, it, vi } from 'vitest';
import { DevServices } from './dev-services.js';

afterEach(() => vi.unstubAllEnvs());

describe('Services that were started without servers', () => {
  it.each<[string, (services: DevServices) => unknown, string]>([
    ['OpenBao', (services) => services.openbao, 'Start with `openbao: true`.'],
    ['PostgreSQL', (services) => services.postgres, 'Start with `postgres: true`.'],
    ['faults before OpenBao', ({ faults }) => faults.openbao, 'Start with `openbao: { faults: true }`.'],
    ['faults before PostgreSQL', ({ faults }) => faults.postgres, 'Start with `postgres: { faults: true }`.'],
  ])('say how to get %s', async (_, ask, remedy) => {
    await using services = await DevServices.start({});
    expect(() => ask(services)).toThrow(
      expect.objectContaining({ code: 'DEV_SERVICES_OPTIONS_INVALID', message: expect.stringContaining(remedy) as string }),
    );
  });

  it('have no variables for an application, and nothing to heal', async () => {
    await using services = await DevServices.start({ openbao: false, postgres: false });
    expect(await services.environment()).toEqual({});
    await expect(services.faults.heal()).resolves.toBeUndefined();
  });
});

describe('An external OpenBao', () => {
  it.each([
    ['an address', { VAULT_ADDR: undefined, VAULT_TOKEN: 't' }],
    ['a token', { VAULT_ADDR: 'http://127.0.0.1:1', VAULT_TOKEN: '' }],
  ])('that the environment is to name is refused without %s', async (_, variables) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    await expect(DevServices.start({ openbao: { external: true } })).rejects.toMatchObject({
      code: 'DEV_SERVICES_OPTIONS_INVALID',
      option: 'openbao.external',
      message: expect.stringContaining('VAULT_ADDR and VAULT_TOKEN') as string,
    });
  });

  it('is handed on to applications as it was named', async () => {
    vi.stubEnv('VAULT_ADDR', 'https://vault.example.com:8200');
    vi.stubEnv('VAULT_TOKEN', 'root-of-others');
    vi.stubEnv('VAULT_CACERT', '/ca.pem');
    await using services = await DevServices.start({ openbao: { external: true } });
    expect(await services.environment()).toEqual({
      VAULT_ADDR: 'https://vault.example.com:8200',
      VAULT_CACERT: '/ca.pem',
      VAULT_AUTH_METHOD: 'token',
      VAULT_TOKEN: 'root-of-others',
    });
  });
});
