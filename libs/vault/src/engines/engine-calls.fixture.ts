import { answer, HandClock, ScriptedServer } from '../client/interceptors/interceptor.fixture.js';
import type { VaultRequest } from '../client/request/vault-request.js';
import { MountVersions } from './kv/mount-versions.js';
import { createEngines, type VaultEngines } from './secrets-engines.js';

/** What every call is given: it belongs to the call, and never into its body. */
export const callOptions = { namespace: 'team', timeoutMs: 5_000, repeat: false } as const;

/** The name of a method, the call, the line of the request, and the body that is sent. No body: nothing is sent. */
export type EngineCallRow = [
  name: string,
  call: (engines: VaultEngines) => Promise<unknown>,
  line: string,
  body?: Readonly<Record<string, unknown>>,
];

/** Fields that let an answer pass for that of any call. */
const anyData = {
  certificate: 'c',
  private_key: 'k',
  csr: 'c',
  keys: ['k'],
  root_token: 't',
  secret_id: 's',
  initialized: true,
  sealed: true,
  ha_enabled: false,
  username: 'u',
  password: 'p',
  ttl: 5,
  version: 1,
  versions: {},
  subkeys: {},
  data: {},
  metadata: { version: 1, created_time: '', deletion_time: '', destroyed: false, custom_metadata: null },
};
const auth = { clientToken: 't', accessor: 'a', policies: [], tokenPolicies: [], metadata: {}, entityId: '', tokenType: 'service' };
const wrapInfo = { token: 't', accessor: 'a', ttl: 60, creationTime: 'now', creationPath: 'p' };

/** A request as a row tells it, with the options of the call that it carries. */
export interface SentRequest {
  readonly line: string;
  readonly body: EngineCallRow[3];
  readonly namespace: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly repeat: boolean | undefined;
}

/** The requests that a call makes. */
export async function sentBy(call: EngineCallRow[1]): Promise<readonly SentRequest[]> {
  const server = new ScriptedServer(() => answer(anyData, { auth: { ...auth, leaseDuration: 60, renewable: true }, wrapInfo }));
  const versions = new MountVersions(server.handle, { clock: new HandClock() });
  await call(createEngines(server.handle, versions, 'secret'));
  return server.requests.map((request) => {
    const { namespace, timeoutMs, repeat, body } = request;
    return { line: lineOf(request), body: body && { ...body }, namespace, timeoutMs, repeat };
  });
}

/** Such as `POST auth/approle/login, once, without a token`; `once`: it is not repeated, as it makes something new each time. */
function lineOf({ method, path, query, mints, token }: VaultRequest): string {
  const asked = query === undefined ? '' : `?${new URLSearchParams(query as Record<string, string>).toString()}`;
  return `${method} ${path}${asked}${mints === true ? ', once' : ''}${token === 'none' ? ', without a token' : ''}`;
}
