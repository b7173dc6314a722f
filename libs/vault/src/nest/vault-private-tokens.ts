/** Private token of the assembled connection behind {@link VaultService}. */
export const VAULT_RUNTIME = Symbol('keyturn:vault-runtime');

/** Private token of the environment that completes the options. */
export const VAULT_ENVIRONMENT = Symbol('keyturn:vault-environment');
