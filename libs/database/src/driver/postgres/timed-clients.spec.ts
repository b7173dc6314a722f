import { EventEmitter } from 'node:events';
import pg, { type ClientConfig } from 'pg';
import { describe, expect, it } from 'vitest';
import { ScramKeys } from '../authentication/scram-keys.js';
import { TimedClients } from './timed-clients.js';

describe('TimedClients', () => {
  it('gives every generation of a pool the same class, so that a rotation leaves the shape of its clients alone', () => {
    const clients = new TimedClients();
    expect(clients.of(pg.Client)).toBe(clients.of(pg.Client));
  });

  it("keeps an application's own client class", () => {
    class OwnClient extends pg.Client {}
    const Timed = new TimedClients().of(OwnClient);
    expect(new Timed({})).toBeInstanceOf(OwnClient);
  });
});

/** What is used of pg's client at a SCRAM log-in; `sends` is the method of the connection that sends the answer, where there is one. */
class PlayedClient extends EventEmitter {
  readonly sent: string[] = [];
  readonly answeredByPg: unknown[] = [];
  readonly connection: EventEmitter;
  password: unknown = 'v-of-Vault';
  readonly connectionParameters = { password: 'v-of-Vault' };
  saslSession = {
    mechanism: 'SCRAM-SHA-256',
    message: 'SASLInitialResponse',
    clientNonce: 'nonce',
    response: 'n,,n=*,r=nonce',
    scramMaxIterations: 100_000,
  };

  constructor(config: ClientConfig & { readonly sends?: string }) {
    super();
    const methods = { stream: {}, attachListeners: () => undefined, ...(config.sends === undefined ? {} : { [config.sends]: this.#send }) };
    this.connection = Object.assign(new EventEmitter(), methods);
  }

  async _handleAuthSASLContinue(message: unknown): Promise<void> {
    this.answeredByPg.push(message);
  }

  readonly #send = (response: string): void => void this.sent.push(response);
}

const challenge = { data: 'r=nonce-and-more,s=c2FsdA==,i=4096' };

function made(config: object): PlayedClient {
  return new (new TimedClients().of(PlayedClient))(config) as PlayedClient;
}

describe('The SCRAM answer of a timed client', () => {
  it('is computed with the keys of its pool, and leaves pg nothing to do', async () => {
    const client = made({ sends: 'sendSCRAMClientFinalMessage', scramKeys: new ScramKeys() });
    await client._handleAuthSASLContinue(challenge);
    expect(client.sent).toEqual([expect.stringMatching(/^c=biws,r=nonce-and-more,p=/)]);
    expect(client.answeredByPg).toEqual([]);
  });

  it.each([
    ['for a pg that sends it in another way', { sends: 'sendAnswer', scramKeys: new ScramKeys() }],
    ['where a pool has no keys', { sends: 'sendSCRAMClientFinalMessage' }],
  ])("is pg's own %s", async (_what, config) => {
    const client = made(config);
    await client._handleAuthSASLContinue(challenge);
    expect(client.sent).toEqual([]);
    expect(client.answeredByPg).toEqual([challenge]);
    expect(client.saslSession.message).toBe('SASLInitialResponse');
  });

  it("is pg's own once the log-in is over: the client has let go of the keys", async () => {
    const client = made({ sends: 'sendSCRAMClientFinalMessage', scramKeys: new ScramKeys() });
    client.connection.emit('authenticationSASL');
    client.connection.emit('authenticationSASLFinal');
    client.connection.emit('authenticationOk');
    await client._handleAuthSASLContinue(challenge);
    expect(client.answeredByPg).toEqual([challenge]);
  });
});
