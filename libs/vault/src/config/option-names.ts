import type { Setting } from '../support/checked/setting.js';

/** Where each option comes from in the environment when nobody says otherwise: an error names both. */
const usual: Readonly<Record<string, string>> = {
  address: 'VAULT_ADDR',
  auth: 'VAULT_AUTH_METHOD',
  namespace: 'VAULT_NAMESPACE',
  'tls.caFile': 'VAULT_CACERT',
  'tls.ca': 'VAULT_CACERT_BYTES',
  'tls.caFolder': 'VAULT_CAPATH',
  'tls.certFile': 'VAULT_CLIENT_CERT',
  'tls.keyFile': 'VAULT_CLIENT_KEY',
  'tls.serverName': 'VAULT_TLS_SERVER_NAME',
  'tls.skipVerify': 'VAULT_SKIP_VERIFY',
  'http.timeoutMs': 'VAULT_CLIENT_TIMEOUT',
  'http.proxy': 'VAULT_PROXY_ADDR',
};

/** What the options are called in errors: by path, and by the variable that they were read from or could be read from. */
export class OptionNames {
  readonly #readFrom: ReadonlyMap<string, string>;

  /** @param readFrom variables that options were read from, by the path of the option */
  constructor(readFrom: ReadonlyMap<string, string> = new Map()) {
    this.#readFrom = readFrom;
  }

  /** undefined for an option that no variable sets. */
  variableOf(option: string): string | undefined {
    return this.#readFrom.get(option) ?? usual[option];
  }

  settingOf(option: string): Setting {
    return { variable: this.variableOf(option) ?? option, option };
  }
}
