import { createServer, type Server } from 'node:net';

/**
 * Finds a port of 127.0.0.1 that is free now, together with `neighbours` ports after it (OpenBao's cluster port is its API port + 1).
 * Nothing holds it for the caller: be ready for the port to be taken in between, and ask again.
 */
export async function freePort(neighbours = 0): Promise<number> {
  for (;;) {
    const first = await listen(0);
    const address = first.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const held = [first];
    try {
      for (let offset = 1; offset <= neighbours; offset += 1) held.push(await listen(port + offset));
      return port;
    } catch {
      continue;
    } finally {
      await Promise.all(held.map(close));
    }
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
