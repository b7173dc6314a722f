import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { answerScram, type ScramSession } from './scram-answer.js';
import { ScramKeys } from './scram-keys.js';

interface Sasl {
  startSession(mechanisms: readonly string[], stream: object | false, maxIterations: number): ScramSession;
  continueSession(session: ScramSession, password: string, serverData: string, stream: object | false): Promise<void>;
  finalizeSession(session: ScramSession, serverData: string): void;
}
const sasl = createRequire(import.meta.url)('pg/lib/crypto/sasl.js') as Sasl;

const password = 'v-Ab3-of-Vault';
const salt = randomBytes(16).toString('base64');

function begin(maxIterations = 100_000): ScramSession {
  return sasl.startSession(['SCRAM-SHA-256'], false, maxIterations);
}
const first = ({ clientNonce }: ScramSession, parts: { nonce?: string; salt?: string; iterations?: string } = {}): string =>
  `r=${parts.nonce ?? `${clientNonce}of-server`},s=${parts.salt ?? salt},i=${parts.iterations ?? '4096'}`;

describe('The answer to a SCRAM challenge', () => {
  it.each(['1', '4096', '10000'])("is pg's, with %s iterations, for each connection of a pool", async (iterations) => {
    const keys = new ScramKeys();
    for (let connection = 0; connection < 3; connection += 1) {
      const session = begin();
      const [ours, theirs] = [{ ...session }, { ...session }];
      const challenge = first(session, { iterations });
      expect(await answerScram(ours, challenge, { password, keys })).toBe(true);
      await sasl.continueSession(theirs, password, challenge, false);
      expect(ours).toEqual(theirs);
    }
  });

  it('follows a salt, a count or a password that changes', async () => {
    const keys = new ScramKeys();
    const derived = [
      await keys.saltedPassword(password, salt, 1),
      await keys.saltedPassword(password, salt, 2),
      await keys.saltedPassword('another', salt, 2),
      await keys.saltedPassword('another', Buffer.from('other').toString('base64'), 2),
    ];
    expect(new Set(derived.map((key) => createHash('sha256').update(key!).digest('hex'))).size).toBe(4);
    expect(await keys.saltedPassword(password, salt, 1)).toEqual(derived[0]);
  });

  it.each<[string, Parameters<typeof first>[1]]>([
    ['a nonce that is not ours', { nonce: 'another' }],
    ['a salt that is no base64', { salt: '***' }],
    ['no iterations', { iterations: '0' }],
    ['more iterations than are allowed', { iterations: '100001' }],
    ['a message that goes on', { iterations: '4096,x=y' }],
  ])('is left to pg for %s', async (_what, parts) => {
    const session = begin();
    const before = { ...session };
    expect(await answerScram(session, first(session, parts), { password, keys: new ScramKeys() })).toBe(false);
    expect(session).toEqual(before);
  });

  it('is left to pg for a nonce to which the server has added nothing', async () => {
    const session = begin();
    const challenge = first(session, { nonce: session.clientNonce });
    expect(await answerScram(session, challenge, { password, keys: new ScramKeys() })).toBe(false);
  });

  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'])('is left to pg for a client that could bind its channel, with %s', async (mechanism) => {
    const session = sasl.startSession([mechanism], { getPeerCertificate: () => undefined }, 100_000);
    expect(session.mechanism).toBe(mechanism);
    expect(await answerScram(session, first(session), { password, keys: new ScramKeys() })).toBe(false);
  });

  it('is left to pg for a client that says more in its first message than pg 8 does', async () => {
    const session = begin();
    session.response = `n,,n=app,r=${session.clientNonce}`;
    expect(await answerScram(session, first(session), { password, keys: new ScramKeys() })).toBe(false);
  });

  it('is left to pg for more iterations than can be derived, and the next one is answered', async () => {
    const keys = new ScramKeys();
    const unlimited = begin(0);
    expect(await answerScram(unlimited, first(unlimited, { iterations: '99999999999' }), { password, keys })).toBe(false);
    expect(unlimited.message).toBe('SASLInitialResponse');
    expect(await answerScram(unlimited, first(unlimited), { password, keys })).toBe(true);
  });

  it('takes the signature of its own server and exchange for the proof, and no other', async () => {
    const keys = new ScramKeys();
    const [session, other] = [begin(), begin()];
    for (const one of [session, other]) expect(await answerScram(one, first(one), { password, keys })).toBe(true);
    expect(() => sasl.finalizeSession(session, `v=${other.serverSignature}`)).toThrow('server signature does not match');
    expect(() => sasl.finalizeSession(session, `v=${session.serverSignature}`)).not.toThrow();
  });

  it.each([['pässword'], [''], [null], [undefined]])('is left to pg for the password %j', async (given) => {
    const session = begin();
    expect(await answerScram(session, first(session), { password: given, keys: new ScramKeys() })).toBe(false);
  });
});

it('Keys show no secret', async () => {
  const keys = new ScramKeys();
  await keys.saltedPassword(password, salt, 1);
  expect(inspect(keys, { showHidden: true, depth: 9 })).toBe('ScramKeys {}');
  expect(Reflect.ownKeys(keys)).toEqual([]);
  expect(JSON.stringify(keys)).toBe('{}');
});
