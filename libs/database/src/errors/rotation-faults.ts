import { CredentialsExpiredError } from './credentials-expired.error.js';
import { CredentialsUnavailableError } from './credentials-unavailable.error.js';
import type { DatabaseError } from './database-error.js';
import { LoginRejectedError } from './login-rejected.error.js';
import { RotationStoppedError } from './rotation-stopped.error.js';

/** For callers after the end of credentials that could not be replaced. */
export function credentialsExpired(source: string, cause: Error | undefined): CredentialsExpiredError {
  const why = cause === undefined ? '.' : `: ${cause.message}`;
  return new CredentialsExpiredError(`The credentials of ${source} have expired and could not be replaced${why}`, {
    ...(cause === undefined ? {} : { cause }),
    remedy: 'They are asked for again until there are new ones.',
  });
}

/** For callers whose log-in was refused while there are no other credentials to be had. */
export function credentialsUnavailable(source: string, sqlState: string, cause: Error): CredentialsUnavailableError {
  return new CredentialsUnavailableError(
    `The database refuses the credentials of ${source} (${sqlState}), and others could not be had: ${cause.message}`,
    { reason: sqlState, cause },
  );
}

/** For a static role's password that the database refuses, in place of an `error` that looks for the fault in issued users. */
export function passwordRejected(source: string, error: DatabaseError): LoginRejectedError {
  return new LoginRejectedError(`The database refuses the log-in with the password of ${source} (${error.reason}).`, {
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    remedy:
      'Somebody may have changed the password by hand: let Vault rotate the static role. Otherwise check the LOGIN of the role, and that ' +
      "Vault's database connection points to this server.",
    setting: 'credentials',
    cause: error,
  });
}

/** For callers who have waited `budgetMs` for a rotation that is still under way. */
export function notReplacedInTime(budgetMs: number): CredentialsUnavailableError {
  return new CredentialsUnavailableError(`the rotation has not ended within ${budgetMs} ms (rotation.credentialBudgetMs).`);
}

/** For a rotation whose new credentials were revoked while they were proved. */
export function lostBeforeUse(): CredentialsUnavailableError {
  return new CredentialsUnavailableError('The new credentials were lost before they were used: their lease was revoked, or ended.', {
    remedy: 'Others are asked for after a pause.',
  });
}

/** For a log-in with credentials that others have taken the place of meanwhile: nobody but the rotation sees it. */
export function replaced(): CredentialsUnavailableError {
  return new CredentialsUnavailableError('The credentials have been replaced.');
}

/** For whoever asks for a rotation while the application shuts down. */
export function rotationStopped(): RotationStoppedError {
  return new RotationStoppedError('The application shuts down: credentials are not replaced any more.');
}

/** For who closes a data source that does not close. */
export function stoppedBeforeItsEnd(): RotationStoppedError {
  return new RotationStoppedError('The data source was not closed when the time of the shutdown was over.', {
    remedy:
      'Its leases are revoked. Look for what keeps it from closing, such as the server of its query cache; or raise rotation.shutdownMs.',
    setting: 'rotation.shutdownMs',
  });
}
