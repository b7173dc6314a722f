import { describe, expect, it } from 'vitest';
import { serverSettings } from './postgres-settings.js';

/** The settings by name. A name that is given twice fails: the server would take the last one silently. */
function settingsIn(args: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < args.length; at += 2) {
    expect(args[at]).toBe('-c');
    const [name = '', value = ''] = args[at + 1]?.split('=') ?? [];
    expect(found).not.toHaveProperty(name);
    found[name] = value;
  }
  return found;
}

const tls = { certificateFile: '/s/server.pem', keyFile: '/s/server-key.pem', caFile: '/s/ca.pem' };

describe('The settings of a PostgreSQL for tests', () => {
  it('keep it on the loopback, without a socket and without waiting for the disk', () =>
    expect(settingsIn(serverSettings())).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      full_page_writes: 'off',
    }));

  it('turn TLS on with the files that were issued', () =>
    expect(settingsIn(serverSettings({}, tls))).toMatchObject({
      ssl: 'on',
      ssl_cert_file: '/s/server.pem',
      ssl_key_file: '/s/server-key.pem',
      ssl_ca_file: '/s/ca.pem',
    }));

  it.each([
    ['over the defaults', { fsync: true }, { fsync: 'true' }],
    ['over those of TLS', { ssl: 'off' }, { ssl: 'off' }],
    ['as further ones', { max_connections: 20 }, { max_connections: '20' }],
  ])('are the caller’s %s', (_, given, expected) => expect(settingsIn(serverSettings(given, tls))).toMatchObject(expected));
});
