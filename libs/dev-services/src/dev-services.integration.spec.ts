import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DevServices } from './dev-services.js';
import { OpenBaoAdmin } from './openbao/open-bao-admin.js';

describe('DevServices', () => {
  const running: DevServices[] = [];
  const start = async (options: Parameters<typeof DevServices.start>[0]): Promise<DevServices> => {
    const services = await DevServices.start(options);
    running.push(services);
    return services;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((services) => services.stop()));
  });

  describe('when OpenBao and PostgreSQL are asked for', () => {
    it('starts both and gives an application all it needs to log in', async () => {
      const services = await start({ openbao: { approle: true, kv: { 'stripe/production': { apiKey: 'x' } } }, postgres: true });
      const environment = await services.environment();

      expect(Object.keys(environment).toSorted()).toEqual([
        'DB_HOST',
        'DB_NAME',
        'DB_PORT',
        'VAULT_ADDR',
        'VAULT_AUTH_METHOD',
        'VAULT_ROLE_ID',
        'VAULT_SECRET_ID',
      ]);
      const nobody = new OpenBaoAdmin({ address: environment['VAULT_ADDR'] ?? '', token: '' });
      const login = { role_id: environment['VAULT_ROLE_ID'], secret_id: environment['VAULT_SECRET_ID'] };
      const { auth } = await nobody.api('POST', 'auth/approle/login', login);
      const secret = await nobody.as(auth?.client_token ?? '').api('GET', 'secret/data/stripe/production');
      expect(secret.data['data']).toEqual({ apiKey: 'x' });
      expect(await services.postgres.query('SELECT current_database() AS name')).toEqual([{ name: 'app' }]);
    });

    it('breaks the wire to OpenBao for applications, not for the administrator', async () => {
      const { openbao, faults } = await start({ openbao: true });
      const { rootToken: token } = openbao;
      await faults.reset();

      await expect(new OpenBaoAdmin({ address: openbao.address, token }).ask('GET', 'sys/health')).rejects.toMatchObject({
        code: 'ECONNRESET',
      });
      expect((await openbao.ask('GET', 'sys/health')).status).toBe(200);
      await faults.heal();
      expect((await new OpenBaoAdmin({ address: openbao.address, token }).ask('GET', 'sys/health')).status).toBe(200);
    });
  });

  describe('when TLS is asked for', () => {
    it('serves it with a certificate that only the CA file makes valid', async () => {
      const { openbao, postgres, environment } = await startWithTls(start);

      expect(openbao.address).toMatch(/^https:/);
      expect(environment).toMatchObject({ VAULT_CACERT: openbao.caFile, DB_CACERT: postgres.caFile, VAULT_AUTH_METHOD: 'token' });
      expect((await openbao.ask('GET', 'sys/health')).status).toBe(200);
      const trusting = new OpenBaoAdmin({ address: openbao.address, token: openbao.rootToken });
      await expect(trusting.ask('GET', 'sys/health')).rejects.toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_/) });
      expect(await postgres.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
    });
  });

  describe('when two run side by side', () => {
    it('keeps them apart', async () => {
      const [one, two] = await Promise.all([start({ openbao: true, postgres: true }), start({ openbao: true, postgres: true })]);
      await one.postgres.query('CREATE TABLE only_here ()');

      expect(one.openbao.address).not.toBe(two.openbao.address);
      await expect(two.postgres.query('TABLE only_here')).rejects.toMatchObject({ code: '42P01' });
      await one.stop();
      expect((await two.openbao.ask('GET', 'sys/health')).status).toBe(200);
    });
  });

  describe('when it is stopped', () => {
    it('removes its folder, and a second stop does nothing', async () => {
      const services = await start({ openbao: { tls: true } });
      const folder = dirname(dirname(dirname(services.openbao.caFile ?? '')));
      expect(existsSync(folder)).toBe(true);
      await Promise.all([services.stop(), services.stop()]);
      await services.stop();

      expect(existsSync(folder)).toBe(false);
      await expect(services.faults.hang()).rejects.toMatchObject({ code: 'DEV_SERVICES_STOPPED' });
    });
  });

  describe('when something cannot be had', () => {
    it('says which port is in use', async () => {
      const holder = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => holder.once('listening', resolve));
      const address = holder.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      try {
        await expect(start({ openbao: { port } })).rejects.toMatchObject({ code: 'DEV_SERVICES_PORT_IN_USE', port });
        await expect(start({ postgres: { port } })).rejects.toMatchObject({ code: 'DEV_SERVICES_PORT_IN_USE', port });
      } finally {
        holder.close();
      }
    });

    it('shows what PostgreSQL said about a setting it does not know', async () => {
      await expect(start({ postgres: { settings: { no_such_setting: 1 } } })).rejects.toMatchObject({
        code: 'DEV_SERVICES_SERVER_START_FAILED',
        message: expect.stringContaining('unrecognized configuration parameter "no_such_setting"'),
      });
    });

    it('shows what OpenBao said about data it refuses', async () => {
      await expect(start({ openbao: { mounts: { wrong: { type: 'no-such-engine' } } } })).rejects.toMatchObject({
        code: 'DEV_SERVICES_REQUEST_FAILED',
        message: expect.stringContaining('POST sys/mounts/wrong was answered 400'),
      });
    });

    it('asks for a PostgreSQL when a database engine is described', async () => {
      await expect(start({ openbao: { database: {} } })).rejects.toMatchObject({ code: 'DEV_SERVICES_OPTIONS_INVALID' });
    });

    it('names the option of a server that was not asked for', async () => {
      const services = await start({});

      expect(() => services.postgres).toThrow('`postgres: true`');
      expect(() => services.faults.openbao).toThrow('`openbao: { faults: true }`');
    });
  });

  describe('when the start is aborted', () => {
    it('rejects with the reason, however far it got', async () => {
      const started = DevServices.start({ openbao: { mode: 'persistent' }, postgres: true, signal: AbortSignal.timeout(400) });

      await expect(started).rejects.toMatchObject({ name: 'TimeoutError' });
    });

    it('rejects with the reason before anything was started', async () => {
      const abort = new AbortController();
      const started = DevServices.start({ openbao: { mode: 'persistent' }, postgres: true, signal: abort.signal });
      abort.abort(new Error('no longer wanted'));

      await expect(started).rejects.toThrow('no longer wanted');
    });
  });
});

async function startWithTls(
  start: typeof DevServices.start,
): Promise<Pick<DevServices, 'openbao' | 'postgres'> & { environment: Record<string, string> }> {
  const services = await start({ openbao: { tls: true }, postgres: { tls: true } });
  return { openbao: services.openbao, postgres: services.postgres, environment: await services.environment() };
}
