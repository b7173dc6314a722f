import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PortInUseError } from '../errors/port-in-use.error.js';
import { startOnFreePort } from './start-on-free-port.js';

describe('startOnFreePort', () => {
  describe('when another program takes the port first', () => {
    it('tries another one', async () => {
      const tried: number[] = [];
      const port = await startOnFreePort({}, async (candidate) => {
        tried.push(candidate);
        if (tried.length < 3) throw new PortInUseError('PostgreSQL', candidate);
        return candidate;
      });

      expect(tried).toHaveLength(3);
      expect(port).toBe(tried[2]);
    });

    it('gives up after ten', async () => {
      let attempts = 0;
      const start = async (port: number): Promise<never> => {
        attempts += 1;
        throw new PortInUseError('PostgreSQL', port);
      };

      await expect(startOnFreePort({}, start)).rejects.toBeInstanceOf(PortInUseError);
      expect(attempts).toBe(10);
    });

    it('does not leave a port that was asked for', async () => {
      await expect(startOnFreePort({ port: 8200 }, (port) => Promise.reject(new PortInUseError('OpenBao', port)))).rejects.toMatchObject({
        port: 8200,
      });
    });
  });

  it('throws any other failure at once', async () => {
    let attempts = 0;
    const start = async (): Promise<never> => {
      attempts += 1;
      throw new Error('no such program');
    };

    await expect(startOnFreePort({}, start)).rejects.toThrow('no such program');
    expect(attempts).toBe(1);
  });

  it('finds a port whose neighbours are free as well', async () => {
    const servers = await startOnFreePort({ neighbours: 1 }, (port) => Promise.all([listen(port), listen(port + 1)]));

    expect(servers.every((server) => server.listening)).toBe(true);
    for (const server of servers) server.close();
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
