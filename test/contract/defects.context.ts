import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { token, VaultModule, VaultService, type VaultModuleExtras, type VaultModuleOptions } from '@keyturn/vault';
import { DevServices } from '@keyturn/dev-services';
import { ConsoleLogger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';

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
  await module.init();
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

/** What everything that prints makes of the value: as it is, and as a field. */
export function shown(value: unknown): string {
  const inspected = [value, { value }].map((each) => inspect(each, { depth: 9, showHidden: true }));
  return [...inspected, JSON.stringify(value), JSON.stringify({ value }), String(value), logged(value)].join('\n');
}

/** What pino and Nest's logger write. */
function logged(value: unknown): string {
  const lines: string[] = [];
  const write = (line: string | Uint8Array): boolean => lines.push(String(line)) > 0;
  const logger = pino({}, { write });
  logger.info(value);
  logger.info({ value }, 'message');
  logger.info('message %o', value as object);
  const standard = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  for (const output of standard) output.mockImplementation(write);
  try {
    for (const json of [false, true]) {
      const nest = new ConsoleLogger({ json, colors: false });
      nest.log(value);
      nest.error({ value }, 'context');
    }
  } finally {
    for (const output of standard) output.mockRestore();
  }
  return lines.join('\n');
}
