import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevServices } from '../dev-services.js';
import { OpenBaoAdmin } from './open-bao-admin.js';
import type { OpenBaoService } from './open-bao-service.js';

describe('OpenBaoService in persistent mode', () => {
  let services: DevServices;
  let openbao: OpenBaoService;

  beforeAll(async () => {
    services = await DevServices.start({ openbao: { mode: 'persistent', tls: true, kv: { app: { key: 'kept' } } } });
    openbao = services.openbao;
  });

  afterAll(() => services?.stop());

  const health = async (): Promise<number> => (await openbao.ask('GET', 'sys/health')).status;
  const secret = async (): Promise<unknown> => (await openbao.api('GET', 'secret/data/app')).data['data'];

  it('can be sealed and unsealed', async () => {
    await openbao.seal();
    expect(await health()).toBe(503);
    await openbao.unseal();

    expect(await health()).toBe(200);
    expect(await secret()).toEqual({ key: 'kept' });
  });

  it('keeps its data, address and certificate over SIGKILL and a restart', async () => {
    const { address, pid } = openbao;
    await openbao.kill();
    expect(openbao.pid).toBeUndefined();
    await expect(health()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await openbao.restart();

    expect(openbao.address).toBe(address);
    expect(openbao.pid).not.toBe(pid);
    expect(await secret()).toEqual({ key: 'kept' });
  });

  it('comes back sealed when that is asked for', async () => {
    await openbao.restart({ unseal: false });
    expect(await health()).toBe(503);
    await openbao.unseal();

    expect(await secret()).toEqual({ key: 'kept' });
  });

  it('answers nothing while it is suspended and goes on afterwards', async () => {
    const { directAddress: address, rootToken: token, caFile = '' } = openbao;
    const impatient = new OpenBaoAdmin({ address, token, caFile, timeoutMs: 300 });
    await openbao.suspend();
    await expect(impatient.ask('GET', 'sys/health')).rejects.toThrow('was not answered within 300 ms');
    await openbao.resume();

    expect(await health()).toBe(200);
  });
});
