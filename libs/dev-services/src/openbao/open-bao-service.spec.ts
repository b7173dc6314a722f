import { describe, expect, it } from 'vitest';
import { OpenBaoService } from './open-bao-service.js';

const external = new OpenBaoService({ address: 'https://vault.example.com:8200', token: 't', caFile: '/ca.pem' });

describe('The service of an external server', () => {
  it.each(['kill', 'suspend', 'resume', 'stop', 'restart', 'seal', 'unseal'] as const)(
    'refuses %s by the name of the option: the process is somebody else’s',
    (action) => {
      expect(() => external[action]()).toThrow(
        expect.objectContaining({ code: 'DEV_SERVICES_OPTIONS_INVALID', option: 'openbao.external' }),
      );
    },
  );

  it('says where it is, and that no process of it runs here', () =>
    expect({ ...pick(external), pid: external.pid }).toEqual({
      address: 'https://vault.example.com:8200',
      directAddress: 'https://vault.example.com:8200',
      caFile: '/ca.pem',
      source: 'an external server',
      pid: undefined,
    }));
});

function pick({ address, directAddress, caFile, source }: OpenBaoService): object {
  return { address, directAddress, caFile, source };
}
