import pg from 'pg';
import { describe, expect, it } from 'vitest';
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
