import { appRoleStatements, dropRoleStatements, type Provisioning } from '@keyturn/dev-services';
import { DEMO_TTLS } from '../state/demo-ttls.js';

/** Everything OpenBao is given: an AppRole for the application, a secret, and the two database roles that the application names. */
export function demoProvisioning(): Provisioning {
  const { tokenSeconds, tokenMaxSeconds, credentialSeconds, credentialMaxSeconds } = DEMO_TTLS;
  return {
    approle: { grimoire: { token_ttl: `${tokenSeconds}s`, token_max_ttl: `${tokenMaxSeconds}s` } },
    kv: { 'grimoire/settings': { motto: 'Turn every key.' } },
    database: {
      dynamicRoles: {
        'grimoire-reader': {
          creation_statements: appRoleStatements({ role: 'grimoire_reader' }),
          revocation_statements: dropRoleStatements,
          default_ttl: `${credentialSeconds}s`,
          max_ttl: `${credentialMaxSeconds}s`,
        },
        'grimoire-owner': {
          creation_statements: appRoleStatements({ role: 'grimoire_owner' }),
          revocation_statements: dropRoleStatements,
          default_ttl: '60s',
          max_ttl: '60s',
        },
      },
    },
  };
}
