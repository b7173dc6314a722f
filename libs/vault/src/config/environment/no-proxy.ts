import { BlockList, isIP } from 'node:net';

/**
 * Whether NO_PROXY exempts a host. An entry is `*`, a domain with all below it (`example.com`, `.example.com`, `*.example.com`),
 * an address, or a block of addresses (`10.0.0.0/8`); a domain or address may name a port (`example.com:8200`).
 */
export function isExemptFromProxy(list: string, { hostname, port, protocol }: URL): boolean {
  const host = withoutBrackets(hostname);
  const actualPort = port === '' ? defaultPorts[protocol] : port;
  return list.split(',').some((entry) => {
    const { name, port: onlyPort } = splitPort(entry.trim().toLowerCase());
    if (name === '' || (onlyPort !== undefined && onlyPort !== actualPort)) return false;
    return name === '*' || (name.includes('/') ? isInBlock(host, name) : isSameOrBelow(host, name));
  });
}

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** An IPv6 address has colons of its own: with a port it is written in brackets. */
function splitPort(entry: string): { readonly name: string; readonly port?: string | undefined } {
  const { name, port } = /^(?<name>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/.exec(entry)?.groups ?? { name: entry };
  return { name: withoutBrackets(name ?? ''), port };
}

function isSameOrBelow(host: string, name: string): boolean {
  const domain = name.replace(/^\*?\.?/, '');
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInBlock(host: string, block: string): boolean {
  const [address = '', bits = ''] = block.split('/', 2);
  const version = isIP(address);
  const length = Number(bits);
  if (version === 0 || isIP(host) !== version || !/^\d{1,3}$/.test(bits) || length > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const blocks = new BlockList();
  blocks.addSubnet(address, length, family);
  return blocks.check(host, family);
}

function withoutBrackets(name: string): string {
  return name.replace(/^\[(.*)\]$/, '$1');
}
