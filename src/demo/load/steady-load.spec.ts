import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SteadyLoad } from './steady-load.js';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('SteadyLoad', () => {
  it('reads the recipes in turn, over connections that it keeps', async () => {
    const paths: string[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.end('{}');
    });
    const sockets = new Set<unknown>();
    server?.on('connection', (socket) => sockets.add(socket));
    const load = new SteadyLoad({ url, perSecond: 200, recipes: 3 });
    load.start();
    await expect.poll(() => load.figures.ok).toBeGreaterThanOrEqual(20);
    await load.stop();
    expect(paths.toSorted().filter((path, index, all) => path !== all[index - 1])).toEqual(['/recipes/1', '/recipes/2', '/recipes/3']);
    expect(sockets.size).toBeLessThanOrEqual(8);
    expect(load.figures).toMatchObject({ ok: paths.length, failed: 0 });
    expect(load.figures.p50Ms).toBeGreaterThan(0);
  });

  it('counts failures by their reason', async () => {
    let count = 0;
    const url = await serve((request, response) => {
      count += 1;
      if (count % 2 === 0) request.socket.destroy();
      else response.writeHead(503).end('{}');
    });
    const load = new SteadyLoad({ url, perSecond: 200, recipes: 1 });
    load.start();
    await expect.poll(() => Object.keys(load.failures).toSorted()).toEqual(['ECONNRESET', 'status 503']);
    await load.stop();
    expect(load.figures.ok).toBe(0);
    expect(load.figures.failed).toBe(Object.values(load.failures).reduce((sum, each) => sum + each, 0));
  });

  it('waits at its end for the answers that are due', async () => {
    const answers: (() => void)[] = [];
    const url = await serve((_request, response) => answers.push(() => response.end('{}')));
    const load = new SteadyLoad({ url, perSecond: 100, recipes: 1 });
    load.start();
    await expect.poll(() => answers.length).toBeGreaterThanOrEqual(1);
    const stopped = load.stop();
    expect(load.figures.ok).toBe(0);
    server?.on('request', (_request, response) => response.end('{}'));
    for (const answer of answers) answer();
    await stopped;
    expect(load.figures.failed).toBe(0);
    expect(load.figures.ok).toBeGreaterThanOrEqual(1);
  });
});
