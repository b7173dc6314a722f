/** Private token of the assembled connection behind {@link VaultService}. */
export const VAULT_RUNTIME = Symbol('keyturn:vault-runtime');
