import type { Environment } from './environment-variables.js';
import { isExemptFromProxy } from './no-proxy.js';

/**
 * The proxy that the environment names for an address: VAULT_PROXY_ADDR or VAULT_HTTP_PROXY, else HTTPS_PROXY unless NO_PROXY
 * lists the host. HTTP_PROXY is not for Vault: it would be shown the token of a plain-HTTP request.
 */
export function proxyOf(environment: Environment, address: string): string | undefined {
  for (const name of ['BAO_PROXY_ADDR', 'BAO_HTTP_PROXY', 'VAULT_PROXY_ADDR', 'VAULT_HTTP_PROXY']) {
    const own = environment[name]?.trim();
    if (own !== undefined && own !== '') return own;
  }
  if (!URL.canParse(address) || new URL(address).protocol !== 'https:') return undefined;
  const general = (environment['HTTPS_PROXY'] ?? environment['https_proxy'])?.trim();
  if (general === undefined || general === '' || isExempt(environment, new URL(address))) return undefined;
  return general;
}

function isExempt(environment: Environment, url: URL): boolean {
  if (url.hostname === 'localhost' || url.hostname === '[::1]' || url.hostname.startsWith('127.')) return true;
  return isExemptFromProxy(environment['NO_PROXY'] ?? environment['no_proxy'] ?? '', url);
}
