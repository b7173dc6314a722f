import { VaultRequestError } from '../../errors/vault-request.error.js';
import { SecretValue } from '../../support/redaction/secret-value.js';
import type { VaultCredential, VaultRequest } from '../request/vault-request.js';

/** What the headers of a call say: ours to send in their place, and the token that the call shall run with. */
export interface NodeVaultHeaders extends Pick<VaultRequest, 'namespace' | 'wrapTtl' | 'headers'> {
  readonly token: VaultCredential | undefined;
}

/**
 * Takes the headers of a call apart, whatever their case. A token among them is the token of the call: one that is meant for a
 * lesser token never runs with the session's.
 * @param call method and path, for the message
 * @throws VaultRequestError for a token header that holds no token, for two tokens, for a header that is no text, and for headers that are
 *   no plain object (`Headers`, a Map): a token in them would be overlooked, and the call run with the session's
 */
export function nodeVaultHeaders(given: Readonly<Record<string, unknown>>, call: string): NodeVaultHeaders {
  if (!isPlain(given)) throw new VaultRequestError(`The headers of ${call} are no plain object.`, { sent: false, remedy: notPlain });
  const headers: Record<string, string> = {};
  let token: VaultCredential | undefined;
  let bearer: VaultCredential | undefined;
  let namespace: string | undefined;
  let wrapTtl: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    const lowered = name.toLowerCase();
    if (lowered === 'x-vault-token') token = oneToken(token, credentialOf(value, name, call), call);
    else if (lowered === 'authorization' && isBearer(value)) bearer = credentialOf(value.slice('Bearer '.length), name, call);
    else if (value === undefined || value === null) continue;
    else if (lowered === 'x-vault-namespace') namespace = textOf(value, name, call);
    else if (lowered === 'x-vault-wrap-ttl') wrapTtl = textOf(value, name, call);
    else headers[name] = textOf(value, name, call);
  }
  return { headers, namespace, wrapTtl, token: token ?? bearer };
}

const notPlain = 'Give them as an object of names and values; of `Headers` or a Map, Object.fromEntries() makes one.';

/** Of whatever realm. */
function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return !Array.isArray(given) && (prototype === null || Object.getPrototypeOf(prototype) === null);
}

/** Vault takes this header for a token where there is no other. Source: Vault API, "Authentication". */
function isBearer(value: unknown): value is string {
  return typeof value === 'string' && /^bearer /i.test(value);
}

function textOf(value: unknown, name: string, call: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new VaultRequestError(`The header ${name} of ${call} is no text.`, { sent: false, remedy: 'Give it text.' });
}

/** Plain node-vault writes its own token into the headers that it is given, beside one in another case. */
function oneToken(before: VaultCredential | undefined, token: VaultCredential, call: string): VaultCredential {
  if (before === undefined || before.value.reveal() === token.value.reveal()) return token;
  throw new VaultRequestError(`The headers of ${call} hold two tokens.`, { sent: false, remedy: 'Give it one, as X-Vault-Token.' });
}

function credentialOf(value: unknown, name: string, call: string): VaultCredential {
  if (typeof value === 'string' && value.trim() !== '') return { value: new SecretValue(value.trim()), epoch: 0 };
  throw new VaultRequestError(`The header ${name} of ${call} holds no token.`, {
    sent: false,
    remedy: "Give it a token, or leave the header out to call with the session's.",
  });
}
