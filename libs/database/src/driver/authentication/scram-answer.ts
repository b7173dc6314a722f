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
/** What a client says first that knows of no channel binding, and `n,,` in base64, with which it repeats that at the end. */
const withoutBinding = 'n,,';
const channelBinding = 'biws';
/** Of the client's first message, without what it says of channel binding. pg gives no user name: PostgreSQL knows it already. */
const clientFirst = (clientNonce: string): string => `n=*,r=${clientNonce}`;

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
  if (saltedPassword === undefined) return false;
  const withoutProof = `c=${channelBinding},r=${nonce}`;
  const exchange = `${clientFirst(session.clientNonce)},${serverData},${withoutProof}`;
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

/** @returns undefined for a message that pg would refuse, and for a log-in that speaks of channel binding */
function read(session: ScramSession, serverData: string): Challenge | undefined {
  const [, nonce, salt, count] = serverFirst.exec(serverData) ?? [];
  if (nonce === undefined || salt === undefined || !isUsual(session)) return undefined;
  const { clientNonce, scramMaxIterations } = session;
  const iterations = Number(count);
  const isFresh = nonce.startsWith(clientNonce) && nonce.length > clientNonce.length;
  // Without a number it is for pg to say what it allows.
  const isAllowed = scramMaxIterations !== undefined && (scramMaxIterations === 0 || iterations <= scramMaxIterations);
  return isFresh && isAllowed ? { nonce, salt, iterations } : undefined;
}

/**
 * Whether the client has begun as the answer supposes. A client that could bind the log-in to a TLS channel says so in its first message
 * (`y,,` and `p=...`), with either mechanism, and has to repeat it at the end.
 */
function isUsual({ mechanism, message, response, clientNonce }: ScramSession): boolean {
  const isFirst = mechanism === 'SCRAM-SHA-256' && message === 'SASLInitialResponse';
  return isFirst && response === `${withoutBinding}${clientFirst(clientNonce)}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
