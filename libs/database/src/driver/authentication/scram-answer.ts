import { createHash, createHmac } from 'node:crypto';
import type { ScramKeys } from './scram-keys.js';

/** What pg keeps of a SCRAM log-in between its messages (pg 8). */
export interface ScramSession {
  message: string;
  response: string;
  /** Of which pg expects the server's last message to be the proof. */
  serverSignature?: string;
  readonly mechanism: string;
  readonly clientNonce: string;
  /** 0: as many as the server likes. */
  readonly scramMaxIterations?: number;
}

interface Challenge {
  readonly nonce: string;
  readonly salt: string;
  readonly iterations: number;
}

const serverFirst =
  /^r=([\x21-\x2b\x2d-\x7e]+),s=((?:[a-zA-Z0-9+/]{4})*(?:[a-zA-Z0-9+/]{2}==|[a-zA-Z0-9+/]{3}=|[a-zA-Z0-9+/]{4})),i=([1-9][0-9]*)$/;
/** The same before and after SASLprep. */
const plainPassword = /^[\x20-\x7e]+$/;
/** `n,,` in base64: no channel binding. */
const channelBinding = 'biws';

/**
 * Answers the server's first message in `session`, as pg does, with the keys that the pool has derived already. pg derives them anew for each
 * connection, in seven jobs of its thread pool.
 * @returns false for anything unusual: then nothing is changed, and pg is to answer or to say what is wrong
 */
export async function answerScram(session: ScramSession, serverData: string, login: ScramLogin): Promise<boolean> {
  const { password, keys } = login;
  const challenge = read(session, serverData);
  if (challenge === undefined || typeof password !== 'string' || !plainPassword.test(password)) return false;
  const { nonce, salt, iterations } = challenge;
  const saltedPassword = await keys.saltedPassword(password, salt, iterations);
  const withoutProof = `c=${channelBinding},r=${nonce}`;
  const exchange = `n=*,r=${session.clientNonce},${serverData},${withoutProof}`;
  const clientKey = hmac(saltedPassword, 'Client Key');
  const signature = hmac(createHash('sha256').update(clientKey).digest(), exchange);
  const proof = clientKey.map((byte, index) => byte ^ signature[index]!);
  session.message = 'SASLResponse';
  session.serverSignature = hmac(hmac(saltedPassword, 'Server Key'), exchange).toString('base64');
  session.response = `${withoutProof},p=${Buffer.from(proof).toString('base64')}`;
  return true;
}

export interface ScramLogin {
  readonly password: unknown;
  readonly keys: ScramKeys;
}

/** @returns undefined for a message that pg would refuse, and for a log-in that is bound to its TLS channel */
function read(session: ScramSession, serverData: string): Challenge | undefined {
  const [, nonce, salt, count] = serverFirst.exec(serverData) ?? [];
  if (nonce === undefined || salt === undefined || session.mechanism !== 'SCRAM-SHA-256' || session.message !== 'SASLInitialResponse')
    return undefined;
  const { clientNonce, scramMaxIterations } = session;
  const iterations = Number(count);
  const isFresh = nonce.startsWith(clientNonce) && nonce.length > clientNonce.length;
  // Without a number it is for pg to say what it allows.
  const isAllowed = scramMaxIterations !== undefined && (scramMaxIterations === 0 || iterations <= scramMaxIterations);
  return isFresh && isAllowed ? { nonce, salt, iterations } : undefined;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
