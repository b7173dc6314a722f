import { CredentialsUnavailableError } from '../errors/credentials-unavailable.error.js';
import { MintBudgetExhaustedError } from '../errors/mint-budget-exhausted.error.js';
import type { SupplyOptions } from './supply-request.js';

/** For whoever asks a source for credentials when too many did not work. The next ones may be issued `waitMs` from now. */
export function mintBudgetExhausted({ source, rotation }: SupplyOptions, waitMs: number): MintBudgetExhaustedError {
  const { mintBudget, mintWindowMs } = rotation;
  return new MintBudgetExhaustedError(
    `${source.name} issued, or may have issued, ${mintBudget} credentials within ${mintWindowMs} ms that do not work or did ` +
      `not arrive; the next are asked for in ${Math.ceil(waitMs / 1_000)} s.`,
    {
      remedy:
        "Check the role's creation statements in Vault, that Vault answers in time, and that every server behind the host of the database " +
        'knows the issued users.',
      setting: 'credentials',
    },
  );
}

/** For whoever waits for a static role's new password, which does not show. */
export function passwordUnchanged({ source, rotation }: SupplyOptions): CredentialsUnavailableError {
  return new CredentialsUnavailableError(
    `${source.name} still returns the same password after ${rotation.credentialBudgetMs} ms, although it should have changed.`,
    { remedy: 'Look at last_vault_rotation of the static role, and rotate it by hand if somebody changed its password.' },
  );
}
