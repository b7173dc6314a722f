import { afterEach, expect, it, vi } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { appRole } from '../../../auth/approle/approle.auth-method.js';
import { envelope, httpAnswer, RawServer } from '../../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import { VaultService } from '../../vault.service.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const close of open.splice(0).toReversed()) await close();
});

const auth = { client_token: 's.token', accessor: 'a', lease_duration: 3_600, renewable: true };

it('waits for the log-in where a library has put another class in the place of Promise, as zone.js does', async () => {
  const server = await new RawServer(({ target }) =>
    httpAnswer(200, target.endsWith('/login') ? envelope(null, { auth }) : envelope({ a: 1 })),
  ).listen();
  open.push(() => server.close());
  const runtime = VaultRuntime.connect(
    resolveVaultOptions({ address: server.address, auth: appRole({ roleId: 'r', secretId: 's' }), retry: false }),
  );
  open.push(() => runtime.close());
  vi.stubGlobal('Promise', class OtherPromise<Value> extends Promise<Value> {});
  const { data } = await new VaultService(runtime).request({ method: 'GET', path: 'x' });
  expect(data).toEqual({ a: 1 });
  expect(server.requests.at(-1)?.head).toContain('s.token');
});
