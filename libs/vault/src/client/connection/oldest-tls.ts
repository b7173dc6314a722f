/** The oldest TLS that is spoken, whatever the environment lets Node speak. Source: RFC 8996 retires what is older. */
export const oldestTls = 'TLSv1.2';
