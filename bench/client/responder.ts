import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process of its own that answers at once, as a KV v2 engine or as the look-up of a token: what is measured against it is the client. */
const secret = answerOf({
  data: { apiKey: 'a-value-of-some-length', user: 'bench', password: 'another-value' },
  metadata: { created_time: '2026-01-01T00:00:00Z', custom_metadata: null, deletion_time: '', destroyed: false, version: 1 },
});
const token = answerOf({ accessor: 'bench', ttl: 0, renewable: false, policies: ['root'] });
let requests = 0;
const server = createServer(({ url = '' }, response) => {
  requests += 1;
  const { body, headers } = url.startsWith('/v1/secret/') ? secret : token;
  response.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ requests }));
process.on('disconnect', () => process.exit(0));

function answerOf(data: object): { readonly body: string; readonly headers: OutgoingHttpHeaders } {
  const envelope = { request_id: '6f1a2b3c-0000-4000-8000-000000000000', lease_id: '', renewable: false, lease_duration: 0 };
  const body = JSON.stringify({ ...envelope, data, wrap_info: null, warnings: null, auth: null });
  return { body, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } };
}
