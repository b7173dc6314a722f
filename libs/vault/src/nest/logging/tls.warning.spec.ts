import { describe, expect, it } from 'vitest';
import { tlsWarning } from './tls.warning.js';

const switchedOff = 'TLS verification is switched off: anyone on the network can read the secrets. Set VAULT_CACERT instead.';
const ignored =
  'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: connections to Vault are verified all the same, as the option `tls.skipVerify` alone decides. ' +
  'Unset it, because it switches verification off for the rest of this process; set VAULT_CACERT instead.';

describe('What a log says about the verification of TLS', () => {
  it.each<[string, boolean | undefined, string | undefined, string | undefined]>([
    ['it is on', undefined, undefined, undefined],
    ['it is on, and said to be', false, '1', undefined],
    ['the option switches it off', true, undefined, switchedOff],
    ['the option switches it off, and the variable of Node as well', true, '0', switchedOff],
    ['the variable of Node alone would switch it off', undefined, '0', ignored],
    ['the option says that it is on, and the variable of Node that it is not', false, '0', ignored],
    ['the variable of Node is empty', undefined, '', undefined],
    ['the variable of Node says something else', undefined, 'false', undefined],
  ])('where %s', (_, skipVerify, variable, warning) =>
    expect(tlsWarning({ skipVerify }, { NODE_TLS_REJECT_UNAUTHORIZED: variable })).toBe(warning),
  );
});
