import { FaultProxy, OpenBaoAdmin } from '@keyturn/dev-services';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { appRole } from '../../../auth/approle/approle.auth-method.js';
import type { SessionEvent } from '../../../session/session.events.js';
import { VaultModule } from '../../vault.module.js';
import { VaultService } from '../../vault.service.js';

const servers = inject('servers');
const admin = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
let vault: FaultProxy;

beforeAll(async () => {
  await admin.provision({ approle: { hung: { token_ttl: '1h' } } });
  vault = await FaultProxy.start({ targetPort: Number(new URL(servers.openbao.address).port) });
});
afterAll(() => vault.stop());

describe('An application whose Vault hangs when it stops', () => {
  it('ends, and tells that its token lives on, with no data source that has a time for it', async () => {
    const auth = appRole(await admin.approle('hung'));
    const module = await Test.createTestingModule({
      imports: [VaultModule.forRoot({ address: `http://127.0.0.1:${vault.port}`, auth })],
    }).compile();
    await module.init();
    const events: SessionEvent[] = [];
    module.get(VaultService).events.session.subscribe((event) => events.push(event));
    await vault.hang();
    const waiting = module
      .get(VaultService)
      .request({ method: 'GET', path: 'auth/token/lookup-self' })
      .catch(({ code }: { code: string }) => code);
    await module.close();
    expect(events).toContainEqual(expect.objectContaining({ type: 'sessionClosed', leftAlive: 1 }));
    expect(await waiting).toMatch(/^VAULT_/);
  });
});
