import { describe, expect, it } from 'vitest';
import { answerError } from './answer-error.js';

const request = { method: 'GET', path: 'secret/data/app' };
const json = '{"errors":["permission denied"]}';
const page = '<html>Bad gateway</html>';

describe('the remedy of an answer that is a refusal', () => {
  it.each<[string, number, string, RegExp, RegExp]>([
    ['names every cause of a 403, not the policy alone', 403, json, /policy.*token_num_uses.*addresses.*namespace/, /nothing else/],
    ['asks for the path at a 404 of Vault', 404, '{"errors":[]}', /Check the path/, /VAULT_ADDR/],
    ['asks for the address at a 404 of something else', 404, page, /none of Vault.*VAULT_ADDR/, /Check the path/],
    ['asks to unseal at a 503 of Vault', 503, '{"errors":["Vault is sealed"]}', /Unseal/, /VAULT_ADDR/],
    ['asks for the address at a 503 of a proxy', 503, page, /VAULT_ADDR/, /Unseal/],
    ['asks to initialise at a 501', 501, '{"errors":["not initialised"]}', /Initialise/, /wait/],
    [
      'asks to wait for an engine that upgrades itself, which is no mistake of the caller',
      400,
      '{"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period."]}',
      /ready/,
      /VAULT_ADDR/,
    ],
    ['says which redirects are followed at one that is not', 307, '', /within.*host and port.*up to three.*VAULT_ADDR/, /are not followed/],
    ['names both kinds of quota at a 429', 429, '{"errors":["lease count quota exceeded"]}', /number of leases/, /nothing else/],
  ])('%s', (_, status, body, says, saysNot) => {
    const { remedy } = answerError({ status, headers: {}, body }, request, (text) => text);
    expect(remedy).toMatch(says);
    expect(remedy).not.toMatch(saysNot);
  });
});
