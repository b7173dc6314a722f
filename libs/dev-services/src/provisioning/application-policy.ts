/** Name and rules of the policy that an AppRole without policies gets: all that an application may do with the engines at their usual paths. */
export const APPLICATION_POLICY = {
  name: 'keyturn-application',
  rules: `path "secret/*" { capabilities = ["read", "list"] }
path "database/creds/*" { capabilities = ["read"] }
path "database/static-creds/*" { capabilities = ["read"] }
path "pki/issue/*" { capabilities = ["create", "update"] }
path "pki/revoke" { capabilities = ["create", "update"] }
path "sys/leases/renew" { capabilities = ["update"] }
path "sys/leases/revoke" { capabilities = ["update"] }
path "sys/leases/lookup" { capabilities = ["update"] }
`,
} as const;
