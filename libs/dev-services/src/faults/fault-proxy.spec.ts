import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortInUseError } from '../errors/port-in-use.error.js';
import { ServicesStoppedError } from '../errors/services-stopped.error.js';
import { EchoClient, EchoServer } from './echo.fixture.js';
import { FaultProxy } from './fault-proxy.js';

describe('FaultProxy', () => {
  let server: EchoServer;
  let proxy: FaultProxy;

  beforeEach(async () => {
    server = new EchoServer();
    proxy = await FaultProxy.start({ targetPort: await server.start() });
  });

  afterEach(async () => {
    await proxy.stop();
    server.stop();
  });

  describe('without a fault', () => {
    it('hands everything on and counts it', async () => {
      const client = await EchoClient.connect(proxy.port);
      await client.exchange('hello');

      expect(proxy.counters).toEqual({ accepted: 1, open: 1, reset: 0, bytesToServer: 5, bytesToClient: 5, bytesLost: 0 });
    });

    it('hands on many megabytes unchanged', async () => {
      const client = await EchoClient.connect(proxy.port);
      const text = 'abcdefgh'.repeat(1 << 19);
      client.socket.end(text);

      expect(await client.ended).toBe('closed');
      expect(client.received === text).toBe(true);
    });

    it('hands on the end of the stream in each direction and forgets the connection', async () => {
      const client = await EchoClient.connect(proxy.port);
      client.socket.end('last words');

      expect(await client.ended).toBe('closed');
      expect(client.received).toBe('last words');
      await expect.poll(() => proxy.counters.open).toBe(0);
      expect(proxy.counters.reset).toBe(0);
    });

    it('resets the client when the server is not there', async () => {
      server.stop();
      const client = await EchoClient.connect(proxy.port);

      expect(await client.ended).toBe('ECONNRESET');
    });
  });

  describe('when it refuses', () => {
    it('refuses new connections, keeps the open ones, and listens on the same port after the healing', async () => {
      const { port } = proxy;
      const open = await EchoClient.connect(port);
      await proxy.refuse();

      await expect(EchoClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await open.exchange('still here');
      await proxy.heal();
      const later = await EchoClient.connect(port);
      await later.exchange('back');
    });
  });

  describe('when it resets', () => {
    it('resets open and new connections until it is healed', async () => {
      const open = await EchoClient.connect(proxy.port);
      await open.exchange('hello');
      await proxy.reset();

      expect(await open.ended).toBe('ECONNRESET');
      const refused = await EchoClient.connect(proxy.port).catch((error: unknown) => error);
      expect(refused instanceof EchoClient ? await refused.ended : refused).toSatisfy(isReset);
      await proxy.heal();
      const later = await EchoClient.connect(proxy.port);
      await later.exchange('back');
      expect(proxy.counters.reset).toBe(2);
    });

    it('can reset the open connections only', async () => {
      const open = await EchoClient.connect(proxy.port);
      await open.exchange('hello');
      await proxy.resetOpen();

      expect(await open.ended).toBe('ECONNRESET');
      const later = await EchoClient.connect(proxy.port);
      await later.exchange('passes');
    });
  });

  describe('when it hangs', () => {
    it('moves nothing on open and new connections, and delivers it all after the healing', async () => {
      const open = await EchoClient.connect(proxy.port);
      await open.exchange('before');
      const { bytesToServer } = proxy.counters;
      await proxy.hang();
      const late = await EchoClient.connect(proxy.port);
      open.send('during');
      late.send('late');
      await expect.poll(() => proxy.counters.accepted).toBe(2);

      expect(proxy.counters.bytesToServer).toBe(bytesToServer);
      await proxy.heal();
      await Promise.all([open.receive('during'), late.receive('late')]);
    });

    it('hides from the server that the client left', async () => {
      const open = await EchoClient.connect(proxy.port);
      await open.exchange('before');
      await proxy.hang();
      open.socket.destroy();
      await once(open.socket, 'close');

      expect(server.sockets.size).toBe(1);
      await proxy.heal();
      await expect.poll(() => server.sockets.size).toBe(0);
    });
  });

  describe('when it delays', () => {
    it('delivers each piece that much later in each direction, in order', async () => {
      const client = await EchoClient.connect(proxy.port);
      await proxy.delay(40);
      const start = performance.now();
      await client.exchange('slow');

      expect(performance.now() - start).toBeGreaterThanOrEqual(79);
      client.send('a');
      client.send('b');
      await proxy.heal();
      await client.exchange('c');
      expect(client.received).toBe('slowabc');
    });
  });

  describe('when it cuts', () => {
    it('resets a connection in the answer that goes beyond the limit, and every later one alike', async () => {
      await proxy.cut(10);
      const first = await EchoClient.connect(proxy.port);
      await first.exchange('0123456789');
      first.send('x');
      expect(await first.ended).toBe('ECONNRESET');
      expect(first.received).toBe('0123456789');

      const second = await EchoClient.connect(proxy.port);
      await second.exchange('short');
    });
  });

  describe('when it partitions', () => {
    it('loses what is sent and resets the connections it was lost on after the healing', async () => {
      const busy = await EchoClient.connect(proxy.port);
      const idle = await EchoClient.connect(proxy.port);
      await Promise.all([busy.exchange('hello'), idle.exchange('hello')]);
      const { bytesToServer } = proxy.counters;
      await proxy.partition();
      busy.send('lost');
      const late = await EchoClient.connect(proxy.port);
      late.send('lost as well');
      await expect.poll(() => proxy.counters.bytesLost).toBe('lost'.length + 'lost as well'.length);
      await proxy.heal();

      expect(proxy.counters.bytesToServer).toBe(bytesToServer);
      expect(await Promise.all([busy.ended, late.ended])).toEqual(['ECONNRESET', 'ECONNRESET']);
      await idle.exchange('survived');
    });
  });

  describe('when the port is taken', () => {
    it('says so', async () => {
      const error: unknown = await FaultProxy.start({ targetPort: 1, port: proxy.port }).catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(PortInUseError);
      expect(error).toMatchObject({ code: 'DEV_SERVICES_PORT_IN_USE', port: proxy.port });
    });
  });

  describe('when it is stopped', () => {
    it('closes everything, a second time as well, and takes no further fault', async () => {
      const client = await EchoClient.connect(proxy.port);
      await proxy.hang();
      await proxy.stop();
      await proxy.stop();

      expect(await client.ended).toBe('ECONNRESET');
      await expect(EchoClient.connect(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(proxy.heal()).rejects.toBeInstanceOf(ServicesStoppedError);
    });
  });
});

function isReset(outcome: unknown): boolean {
  return outcome === 'ECONNRESET' || (outcome instanceof Error && 'code' in outcome && outcome.code === 'ECONNRESET');
}
