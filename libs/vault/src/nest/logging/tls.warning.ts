import type { TlsMaterial } from '../../client/http/http-options.js';

/**
 * What a log should say about the verification of TLS; nothing where all is well.
 * @param environment of the process, which is what Node reads
 */
export function tlsWarning(
  { skipVerify }: Pick<TlsMaterial, 'skipVerify'>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (skipVerify === true) return 'TLS verification is switched off: anyone on the network can read the secrets. Set VAULT_CACERT instead.';
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return undefined;
  return (
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: connections to Vault are verified all the same, as the option `tls.skipVerify` alone ' +
    'decides. Unset it, because it switches verification off for the rest of this process; set VAULT_CACERT instead.'
  );
}
