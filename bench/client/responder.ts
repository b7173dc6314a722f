import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process of its own that answers every request like a KV v2 read, at once (and like the question for a KV mount of version 2): what is measured against it is the client. */
const answer = JSON.stringify({
  request_id: '6f1a2b3c-0000-4000-8000-000000000000',
  lease_id: '',
  renewable: false,
  lease_duration: 0,
  data: {
    data: { apiKey: 'a-value-of-some-length', user: 'bench', password: 'another-value' },
    metadata: { created_time: '2026-01-01T00:00:00Z', custom_metadata: null, deletion_time: '', destroyed: false, version: 1 },
    ttl: 0,
    accessor: 'bench',
    type: 'kv',
    options: { version: '2' },
  },
  wrap_info: null,
  warnings: null,
  auth: null,
});
let requests = 0;
const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) };
const server = createServer((_request, response) => {
  requests += 1;
  response.writeHead(200, headers).end(answer);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ requests }));
process.on('disconnect', () => process.exit(0));
