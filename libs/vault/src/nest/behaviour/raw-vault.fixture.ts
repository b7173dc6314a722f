import { afterEach } from 'vitest';
import { VaultRuntime } from '../../assembly/vault-runtime.js';
import { token } from '../../auth/token/token.auth-method.js';
import { envelope, httpAnswer, RawServer, type RawRequest } from '../../client/raw-server.fixture.js';
import { resolveVaultOptions } from '../../config/resolve-options.js';
import type { VaultOptions } from '../../config/vault-options.js';
import { VaultService } from '../vault.service.js';

export interface RawVault {
  readonly vault: VaultService;
  readonly runtime: VaultRuntime;
  /** What was asked, the log-in left out. */
  readonly requests: readonly RawRequest[];
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A service that is logged in to a server which answers everything else with the bytes that `reply` gives. Closed after the test. */
export async function rawVault(reply: RawServer['reply'], options: Partial<VaultOptions> = {}): Promise<RawVault> {
  const requests: RawRequest[] = [];
  const server = await new RawServer((request, count) => {
    if (request.target === '/v1/auth/token/lookup-self')
      return httpAnswer(200, envelope({ ttl: 0, expire_time: null, renewable: false, accessor: 'a' }));
    requests.push(request);
    return reply(request, count);
  }).listen();
  open.push(() => server.close());
  const runtime = VaultRuntime.connect(
    resolveVaultOptions({ address: server.address, auth: token('s.very-secret-token'), cache: false, retry: false, ...options }),
  );
  open.push(() => runtime.close());
  await runtime.session.current();
  return { vault: new VaultService(runtime), runtime, requests };
}
