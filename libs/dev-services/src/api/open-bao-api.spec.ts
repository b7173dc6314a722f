import { describe, expect, it } from 'vitest';
import { RecordedServer } from './recorded-server.fixture.js';

describe('A request of the administrator', () => {
  it('carries the token, and its data as JSON', async () => {
    await using server = await RecordedServer.start(() => [204, '']);
    await server.api().call('POST', 'secret/data/app', { data: { a: '1' } });
    expect(server.requests).toMatchObject([
      {
        call: 'POST secret/data/app',
        body: { data: { a: '1' } },
        headers: { 'x-vault-token': 'root-of-all', 'content-type': 'application/json' },
      },
    ]);
  });

  it('claims no content type when it has no data', async () => {
    await using server = await RecordedServer.start(() => [204, '']);
    await server.api().call('DELETE', 'secret/metadata/app');
    expect(server.requests[0]?.headers).not.toHaveProperty('content-type');
    expect(server.requests[0]?.body).toBeUndefined();
  });
});

describe('An answer to the administrator', () => {
  it.each<[string, unknown, object]>([
    ['an envelope', { lease_id: 'l', data: { a: '1' } }, { lease_id: 'l', data: { a: '1' }, body: { lease_id: 'l', data: { a: '1' } } }],
    ['a body without data, as health is', { sealed: false }, { data: {}, body: { sealed: false } }],
    ['data that is a list', { data: ['a'] }, { data: {}, body: { data: ['a'] } }],
    ['data that is null', { data: null }, { data: {} }],
    ['a list', ['a'], { data: {}, body: {} }],
    ['a page', '<html>', { data: {}, body: {} }],
    ['nothing', '', { data: {}, body: {} }],
  ])('that is %s has its data in one place', async (_, body, expected) => {
    await using server = await RecordedServer.start(() => [200, body]);
    expect(await server.api().call('GET', 'any')).toMatchObject({ status: 200, ...expected });
  });

  it('has the status of the wire, whatever its body calls so', async () => {
    await using server = await RecordedServer.start(() => [200, { status: 500 }]);
    expect((await server.api().call('GET', 'any')).status).toBe(200);
  });

  it.each<[number, unknown, string]>([
    [400, { errors: ['bad name', 'bad type'] }, 'POST any was answered 400: bad name; bad type. Check the path and the data sent.'],
    [403, { errors: [] }, 'POST any was answered 403: no reason given. Check the path and the data sent.'],
    [502, '<html>', 'POST any was answered 502: no reason given. Check the path and the data sent.'],
  ])('of status %d is an error with the words of the server', async (status, body, message) => {
    await using server = await RecordedServer.start(() => [status, body]);
    await expect(server.api().call('POST', 'any', {})).rejects.toMatchObject({ code: 'DEV_SERVICES_REQUEST_FAILED', status, message });
  });

  it.each([399, 400, 503])('of status %d is one like any other to those who ask for it', async (status) => {
    await using server = await RecordedServer.start(() => [status, { sealed: true }]);
    expect(await server.api().ask('GET', 'sys/health')).toMatchObject({ status, body: { sealed: true } });
  });

  it('that does not come ends the request at its deadline, by name', async () => {
    await using server = await RecordedServer.start(() => undefined);
    await expect(server.api(50).ask('GET', 'any')).rejects.toThrow('GET any was not answered within 50 ms');
  });
});
