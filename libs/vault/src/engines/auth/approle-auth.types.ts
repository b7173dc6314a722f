import type { EngineCall } from '../engine-call.js';

export interface AppRoleCall extends EngineCall {
  readonly roleName: string;
}

/** Source: Vault API, "AppRole auth method", "Create/update AppRole". Durations are `30s` or seconds. */
export interface AppRoleDefinitionCall extends AppRoleCall {
  readonly bindSecretId?: boolean | undefined;
  readonly secretIdBoundCidrs?: readonly string[] | undefined;
  readonly secretIdNumUses?: number | undefined;
  readonly secretIdTtl?: string | number | undefined;
  readonly enableLocalSecretIds?: boolean | undefined;
  readonly tokenTtl?: string | number | undefined;
  readonly tokenMaxTtl?: string | number | undefined;
  readonly tokenPolicies?: readonly string[] | undefined;
  readonly tokenBoundCidrs?: readonly string[] | undefined;
  readonly tokenExplicitMaxTtl?: string | number | undefined;
  readonly tokenNoDefaultPolicy?: boolean | undefined;
  readonly tokenNumUses?: number | undefined;
  readonly tokenPeriod?: string | number | undefined;
  readonly tokenType?: string | undefined;
}

export interface GenerateSecretIdCall extends AppRoleCall {
  /** Shows up in audit logs and as the token's metadata. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly cidrList?: readonly string[] | undefined;
  readonly tokenBoundCidrs?: readonly string[] | undefined;
}

/** Source: Vault API, "AppRole auth method", "Generate new secret ID". */
export interface SecretIdAnswer {
  readonly secretId: string;
  readonly secretIdAccessor: string;
  /** Seconds; 0: it does not expire. */
  readonly secretIdTtl: number;
  readonly secretIdNumUses: number;
}

export interface SecretIdCall extends AppRoleCall {
  readonly secretId: string;
}

export interface SecretIdAccessorCall extends AppRoleCall {
  readonly secretIdAccessor: string;
}

export interface AppRoleLoginCall extends EngineCall {
  readonly roleId: string;
  readonly secretId?: string | undefined;
}
