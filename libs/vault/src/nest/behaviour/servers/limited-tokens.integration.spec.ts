import { appRoleStatements, OpenBaoAdmin, queryPostgres } from '@keyturn/dev-services';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { VaultRuntime } from '../../../assembly/vault-runtime.js';
import { appRole } from '../../../auth/approle/approle.auth-method.js';
import { token } from '../../../auth/token/token.auth-method.js';
import type { AuthMethod } from '../../../auth/auth-method.js';
import { resolveVaultOptions } from '../../../config/resolve-options.js';
import type { SessionEvent } from '../../../session/session.events.js';
import { VaultService } from '../../vault.service.js';

const servers = inject('servers');
const admin = new OpenBaoAdmin(servers.openbao, servers.postgres.vault);
const open: VaultRuntime[] = [];

beforeAll(async () => {
  await queryPostgres(servers.postgres.superuser, 'CREATE ROLE limited_app');
  await admin.provision({
    approle: Object.fromEntries([1, 2, 3, 5].map((uses) => [`uses-${uses}`, { token_num_uses: uses, token_ttl: '1h' }])),
    kv: { limited: { colour: 'green' } },
    database: { dynamicRoles: { limited: { creation_statements: appRoleStatements({ role: 'limited_app' }), default_ttl: '1h' } } },
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});

function connect(auth: AuthMethod) {
  const { address, caFile } = servers.openbao;
  const runtime = VaultRuntime.connect(
    resolveVaultOptions({ address, auth, cache: false, retry: false, ...(caFile === undefined ? {} : { tls: { caFile } }) }),
  );
  open.push(runtime);
  const events: SessionEvent[] = [];
  runtime.events.session.subscribe((event) => events.push(event));
  const count = (type: SessionEvent['type']): number => events.filter((event) => event.type === type).length;
  return { runtime, vault: new VaultService(runtime), events, count };
}

/** Four callers that read one after the other, and what became of their reads. */
async function reads(vault: VaultService, each: number): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const caller = async (): Promise<void> => {
    for (let read = 0; read < each; read += 1) await vault.getSecret('limited').catch((error: unknown) => failures.push(error));
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
  return failures;
}

const accessors = async (): Promise<number> => ((await admin.api('LIST', 'auth/token/accessors')).data['keys'] as unknown[]).length;

describe('A role whose tokens may be used a limited number of times', () => {
  it.each([1, 2, 3, 5])('of %d uses serves four callers and sixty reads, none of them denied', async (uses) => {
    const { vault, count } = connect(appRole(await admin.approle(`uses-${uses}`)));
    expect(await reads(vault, 15)).toEqual([]);
    expect(count('loggedIn')).toBe(Math.ceil(60 / Math.max(1, uses - 1)));
  });

  it('leaves no token behind, neither while it reads nor at its end', async () => {
    const before = await accessors();
    const { runtime, vault, events } = connect(appRole(await admin.approle('uses-3')));
    await reads(vault, 5);
    await runtime.close();
    expect(events.at(-1)).toMatchObject({ type: 'sessionClosed', leftAlive: 0 });
    expect(await accessors()).toBe(before);
  });

  it.each([2, 3])('of %d uses ends no lease while others are spent, and keeps no token for a renewal', async (uses) => {
    const before = await accessors();
    const { vault, runtime } = connect(appRole(await admin.approle(`uses-${uses}`)));
    const lease = vault.leases.track(await vault.secrets.database.generateCredentials({ name: 'limited' }), { name: 'limited' });
    const heard: string[] = [];
    lease.subscribe(({ type }) => heard.push(type));
    for (let round = 0; round < 4; round += 1) {
      await lease.renew();
      expect(await reads(vault, 1)).toEqual([]);
    }
    expect([lease.renewable, ...heard]).toEqual([true]);
    // The parent of the lease, and the token in use; the last one spent may be about to be revoked.
    expect((await accessors()) - before).toBeLessThanOrEqual(3);
    await runtime.close();
    expect(await accessors()).toBe(before);
  });

  it('says of a given token whose uses are spent that they are, and does not blame a policy', async () => {
    const { auth } = await admin.api('POST', 'auth/token/create', { num_uses: 4, policies: ['keyturn-application'], ttl: '1h' });
    const { vault } = connect(token(auth?.client_token ?? ''));
    const failures = await reads(vault, 2);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: 'VAULT_AUTHENTICATION_FAILED',
        message: expect.stringMatching(/use/) as string,
      });
    }
    // One for the log-in, two reads, and one to see whether another token is there.
    expect(failures).toHaveLength(6);
  });

  it('tells a policy that says no from uses that are spent', async () => {
    const { vault } = connect(appRole(await admin.approle('uses-3')));
    for (let call = 0; call < 6; call += 1) {
      await expect(vault.request({ method: 'GET', path: 'sys/policies/acl/none' })).rejects.toMatchObject({
        code: 'VAULT_PERMISSION_DENIED',
      });
      expect(await vault.getSecret('limited')).toMatchObject({ colour: 'green' });
    }
  });
});
