import { describe, expect, it } from 'vitest';
import { persistentConfiguration } from './open-bao-configuration.js';

const plain = persistentConfiguration({ folder: '/scratch/openbao', port: 8200 });
const tls = { certificateFile: '/scratch/server.pem', keyFile: '/scratch/server-key.pem', caFile: '/scratch/ca.pem' };

describe('The configuration of a persistent server', () => {
  it.each([
    ['keeps its data in its folder', 'path = "/scratch/openbao/data"'],
    ['listens on the loopback alone', 'address = "127.0.0.1:8200"'],
    ['takes the port after its own for the cluster', 'cluster_address = "127.0.0.1:8201"'],
    ['tells others where it is', 'api_addr = "http://127.0.0.1:8200"'],
    ['has no TLS unless it is given some', 'tls_disable = true'],
    ['locks no memory, which HashiCorp Vault insists on with raft', 'disable_mlock = true'],
  ])('%s', (_, line) => expect(plain).toContain(line));

  describe('with TLS', () => {
    const secured = persistentConfiguration({ folder: '/scratch/openbao', port: 8200, tls });

    it.each([
      ['serves its certificate', 'tls_cert_file = "/scratch/server.pem"'],
      ['has its key', 'tls_key_file = "/scratch/server-key.pem"'],
      ['tells others to come over HTTPS', 'api_addr = "https://127.0.0.1:8200"'],
    ])('%s', (_, line) => expect(secured).toContain(line));

    it('does not switch it off again', () => expect(secured).not.toContain('tls_disable'));
  });

  it('writes a folder out whose name would end the text', () =>
    expect(persistentConfiguration({ folder: '/a"b\\c', port: 8200 })).toContain(String.raw`path = "/a\"b\\c/data"`));
});
