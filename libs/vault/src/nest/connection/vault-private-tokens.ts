/** Private token of the assembled connection behind {@link VaultService}. */
export const VAULT_RUNTIME = Symbol('keyturn:vault-runtime');

/** Private token of the environment that completes the options. */
export const VAULT_ENVIRONMENT = Symbol('keyturn:vault-environment');

/** Private token that `VaultModule` exports: it is missing where a test has put another module in its place. */
export const VAULT_MODULE_IN_PLACE = Symbol('keyturn:vault-module-in-place');

/** Private token of the options, checked and completed. */
export const VAULT_SETTINGS = Symbol('keyturn:vault-settings');

/** Private token that says whether the service logs in while the application starts. */
export const LOGS_IN_AT_START = Symbol('keyturn:logs-in-at-start');

/** Private token of what every part of one connection stands on. */
export const VAULT_FOUNDATION = Symbol('keyturn:vault-foundation');

/** Private token of the session. */
export const VAULT_SESSION = Symbol('keyturn:vault-session');
