import { describe, expect, it } from 'vitest';
import { answer, ScriptedServer } from '../client/interceptors/interceptor.fixture.js';
import type { VaultResponseFields } from '../client/answer/vault-response.js';
import { EngineClient } from './engine-client.js';

const wrapInfo = {
  token: 't',
  accessor: 'a',
  ttl: 60,
  creationTime: '',
  creationPath: '',
};

function client(data: unknown, facts: Partial<VaultResponseFields<unknown>> = {}) {
  const server = new ScriptedServer(() => answer(data, facts));
  return { server, engine: new EngineClient(server.handle, 'kv', ['auth']) };
}

describe('A request of an engine', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'auth/kv/a/b'],
    ['ours', 'auth/ours/a/b'],
    ['ours/', 'auth/ours/a/b'],
    ['team/ours', 'auth/team/ours/a/b'],
  ])('to the mount %j goes to %s', async (mountPoint, path) => {
    const { server, engine } = client({});
    await engine.read({ mountPoint }, 'a', 'b');
    expect(server.requests[0]?.path).toBe(path);
  });

  it.each<[string, (engine: EngineClient) => Promise<unknown>, boolean | undefined]>([
    ['a read makes nothing', (engine) => engine.read({}, 'a'), false],
    ['a read that makes a user says so itself', (engine) => engine.request({}, { method: 'GET', path: ['a'], mints: true }), true],
    ['a write leaves the same state when it is done twice', (engine) => engine.write({}, ['a']), false],
    ['a question makes nothing', (engine) => engine.ask({}, ['a'], {}), false],
    ['what is minted is another thing each time', (engine) => engine.mint({}, ['a']), true],
    ['a list says nothing, and its verb does', (engine) => engine.list({}, 'a'), undefined],
    ['a deletion says nothing, and its verb does', (engine) => engine.delete({}, 'a'), undefined],
  ])('is repeated by what it says of itself: %s', async (_, call, mints) => {
    const { server, engine } = client({ keys: [] });
    await call(engine);
    expect(server.requests[0]?.mints).toBe(mints);
  });

  it.each<[object, object | undefined]>([
    [{}, undefined],
    [{ after: 'a' }, { after: 'a' }],
    [{ limit: 5 }, { limit: 5 }],
    [
      { after: '', limit: 1 },
      { after: '', limit: 1 },
    ],
  ])('for the part %j of a folder has the query %j', async (part, query) => {
    const { server, engine } = client({ keys: [] });
    await engine.list(part, 'a');
    expect(server.requests[0]?.query).toStrictEqual(query);
  });
});

describe('The names of a folder', () => {
  it('are plain, so that they can be shown, and cannot be changed', async () => {
    const { engine } = client({ keys: ['app', 'team/'], key_info: {} });
    const { data } = await engine.list({});
    expect(JSON.stringify(data.keys)).toBe('["app","team/"]');
    expect(Object.isFrozen(data.keys)).toBe(true);
    expect(Object.keys(data)).toEqual(['keys', 'keyInfo']);
    expect(JSON.stringify(data)).toBe('"[redacted]"');
  });
});

describe('A wrapped answer', () => {
  it('has a token in the place of its data', async () => {
    const { engine } = client({ keys: ['x'] }, { wrapInfo });
    expect(await engine.list({ wrapTtl: '60s' })).toMatchObject({
      data: null,
      wrapInfo,
    });
  });

  it('may be none where there was nothing to wrap', async () => {
    const { engine } = client(null, { status: 204 });
    expect(await engine.delete({ wrapTtl: '60s' }, 'a')).toMatchObject({
      data: null,
      wrapInfo: null,
    });
  });

  it.each([null, { ...wrapInfo, token: '' }])('is refused where its token is missing: %j', async (given) => {
    const { engine } = client({ keys: ['x'] }, { wrapInfo: given });
    await expect(engine.list({ wrapTtl: '60s' })).rejects.toMatchObject({
      code: 'VAULT_RESPONSE_INVALID',
      message: expect.stringContaining('has no wrapping token') as string,
    });
  });
});
