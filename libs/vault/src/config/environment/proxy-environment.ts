import { isIPv4 } from 'node:net';
import type { EnvironmentReader } from './environment-reader.js';
import { isExemptFromProxy } from './no-proxy.js';

/**
 * The proxy that the environment names for an address: VAULT_PROXY_ADDR or VAULT_HTTP_PROXY, else HTTPS_PROXY unless NO_PROXY
 * lists the host. HTTP_PROXY is not for Vault: it would be shown the token of a plain-HTTP request.
 */
export function proxyOf(reader: EnvironmentReader, address: string): { readonly value: string; readonly variable: string } | undefined {
  const own = firstOf(reader, ['BAO_PROXY_ADDR', 'BAO_HTTP_PROXY', 'VAULT_PROXY_ADDR', 'VAULT_HTTP_PROXY']);
  if (own !== undefined) return own;
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') return undefined;
  const general = firstOf(reader, ['HTTPS_PROXY', 'https_proxy']);
  return general === undefined || isExempt(reader, new URL(address)) ? undefined : general;
}

function firstOf(
  reader: EnvironmentReader,
  variables: readonly string[],
): { readonly value: string; readonly variable: string } | undefined {
  for (const variable of variables) {
    const value = reader.set(variable);
    if (value !== undefined) return { value, variable };
  }
  return undefined;
}

function isExempt({ environment }: EnvironmentReader, url: URL): boolean {
  const { hostname } = url;
  if (hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))) return true;
  return isExemptFromProxy(environment['NO_PROXY'] ?? environment['no_proxy'] ?? '', url);
}
