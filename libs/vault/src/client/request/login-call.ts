// What an auth method keeps below its mount: `auth/approle/role/login` is a role of that name, not a log-in.
const collections = /^(?:config|groups?|map|roles?|users?)$/;

/**
 * Whether the call is a log-in, which must carry no token: a write to `auth/<mount>/login`, with what may follow it, such as a
 * user name. A mount may have several segments.
 */
export function isLoginCall(method: string, path: string): boolean {
  if ((method !== 'POST' && method !== 'PUT') || !path.startsWith('auth/')) return false;
  const segments = path.split('/');
  // auth/<mount>/...: the mount has one segment at least.
  const at = segments.indexOf('login', 2);
  return at > 0 && !segments.slice(2, at).some((segment) => collections.test(segment));
}
