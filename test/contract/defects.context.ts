import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { token, VaultModule, VaultService, type VaultModuleExtras, type VaultModuleOptions } from '@keyturn/vault';
import { DevServices } from '@keyturn/dev-services';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** The server that the specs of this file share. */
export let services: DevServices;
/** What a test opened; closed after it. */
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  services = await DevServices.start({
    openbao: {
      tls: true,
      // Namespaces are OpenBao's: it is not left for a Vault that KEYTURN_VAULT_BIN names.
      distribution: process.env['KEYTURN_VAULT_BIN'] === undefined ? 'any' : 'openbao',
      approle: true,
      kv: { app: { password: 'hunter2-secret' }, "o'brien": { a: '1' } },
      kvMounts: { other: { version: 2, secrets: { app: { a: 'other' } } } },
    },
  });
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});
afterAll(() => services.stop());

export async function start(options: VaultModuleOptions & VaultModuleExtras = {}): Promise<VaultService> {
  const { address, rootToken, caFile } = services.openbao;
  const module: TestingModule = await Test.createTestingModule({
    imports: [VaultModule.forRoot({ address, auth: token(rootToken), tls: { caFile }, ...options })],
  }).compile();
  open.push(module);
  return module.get(VaultService);
}

export interface Listening {
  readonly address: string;
  readonly requests: IncomingMessage[];
  readonly server: Server;
}

/** An HTTP server that answers a log-in's lookup, and everything else as it is told. */
export async function listen(
  answer: (request: IncomingMessage) => { status: number; body: string; headers?: Record<string, string> },
): Promise<Listening> {
  const requests: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    const lookup = request.url === '/v1/auth/token/lookup-self';
    const { status, body, headers } = lookup
      ? { status: 200, body: '{"request_id":"r","data":{"ttl":0,"accessor":"a"}}', headers: {} }
      : answer(request);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
}

export const shown = (value: unknown): string =>
  `${inspect(value, { depth: 9, showHidden: true })} ${JSON.stringify(value)} ${String(value)}`;
