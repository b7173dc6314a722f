import type { TlsFiles } from '../tls/issue-tls-files.js';

/** A server whose data nobody keeps: no waiting for the disk. A killed process still loses nothing, only a crash of the machine would. */
const FOR_TESTS = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', full_page_writes: 'off' };

/** The `-c name=value` arguments of the server; the caller's settings win. */
export function serverSettings(given: Readonly<Record<string, string | number | boolean>> = {}, tls?: TlsFiles): string[] {
  const secured = tls ? { ssl: 'on', ssl_cert_file: tls.certificateFile, ssl_key_file: tls.keyFile, ssl_ca_file: tls.caFile } : {};
  return Object.entries({ ...FOR_TESTS, ...secured, ...given }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
