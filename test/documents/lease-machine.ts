import { VaultPermissionDeniedError } from '../../libs/vault/src/errors/vault-permission-denied.error.js';
import { VaultRequestError } from '../../libs/vault/src/errors/vault-request.error.js';
import { VaultUnreachableError } from '../../libs/vault/src/errors/vault-unreachable.error.js';
import { registryIn } from '../../libs/vault/src/leases/lease-registry.fixture.js';
import { observedMachine } from './observed-machine.js';

const lifeSeconds = 60;
/** The renewal is due after two thirds of the life. */
const dueMs = 45_000;

/** A registry with one lease, on a server that says what it is told to say. */
async function tracked({ renewable = true } = {}) {
  const parts = registryIn();
  return { ...parts, lease: parts.grant(lifeSeconds, { renewable }) };
}

type Subject = Awaited<ReturnType<typeof tracked>>;

/** The renewal comes due, and Vault refuses it with `error`. */
const refusedWith =
  (error: () => Error) =>
  ({ server, clock }: Subject): Promise<void> => {
    server.refuse = () => Promise.reject(error());
    return clock.advance(dueMs);
  };

export const drawnLease = (): Promise<string> =>
  observedMachine<Subject>({
    start: 'renewing',
    states: {
      renewing: () => tracked(),
      ending: async () => {
        const subject = await tracked();
        subject.registry.endWithParent({ epoch: 1, expiresAtMs: dueMs + 5_000, revoked: false });
        return subject;
      },
      ended: async () => {
        const subject = await tracked();
        subject.lease.release();
        return subject;
      },
    },
    steps: {
      'renewed in full': ({ clock }) => clock.advance(dueMs),
      'Vault away': refusedWith(() => new VaultUnreachableError('away')),
      'renewed for less': ({ server, clock }) => {
        server.grantSeconds = (seconds) => seconds / 2;
        return clock.advance(dueMs);
      },
      'not renewable': refusedWith(() => new VaultPermissionDeniedError('denied')),
      'parent token replaced': async ({ registry }) => registry.endWithParent({ epoch: 1, expiresAtMs: dueMs, revoked: false }),
      shortened: ({ lease }) => lease.shorten(1_000),
      'gone from Vault': refusedWith(() => new VaultRequestError('gone', { status: 400, serverErrors: ['lease not found'] })),
      'parent token revoked': async ({ registry }) => registry.endWithParent({ epoch: 1, expiresAtMs: dueMs, revoked: true }),
      expired: async (subject) => {
        await refusedWith(() => new VaultUnreachableError('away'))(subject);
        await subject.clock.advance(lifeSeconds * 1_000);
      },
      revoked: ({ lease }) => lease.revoke(),
      released: async ({ lease }) => lease.release(),
    },
    stateOf: ({ lease }) => lease.state,
  });
