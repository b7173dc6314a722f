import type { EngineCall } from '../engine-call.js';

/** What `auth.token.create` takes. Source: Vault API, "Token auth method", "Create token". Durations are `30s`. */
export interface TokenCreateCall extends EngineCall {
  readonly id?: string | undefined;
  /** Creates it by the rules of this token role. */
  readonly roleName?: string | undefined;
  readonly policies?: readonly string[] | undefined;
  readonly meta?: Readonly<Record<string, string>> | undefined;
  readonly noParent?: boolean | undefined;
  readonly noDefaultPolicy?: boolean | undefined;
  readonly renewable?: boolean | undefined;
  readonly ttl?: string | undefined;
  readonly type?: 'service' | 'batch' | undefined;
  readonly explicitMaxTtl?: string | undefined;
  readonly displayName?: string | undefined;
  readonly numUses?: number | undefined;
  readonly period?: string | undefined;
  readonly entityAlias?: string | undefined;
}

/** Facts of a token. TTLs in seconds. Source: Vault API, "Token auth method", "Lookup a token". */
export interface TokenFacts {
  readonly accessor: string;
  readonly creationTime: number;
  readonly creationTtl: number;
  readonly displayName: string;
  readonly entityId: string;
  readonly expireTime: string | null;
  readonly explicitMaxTtl: number;
  /** The token itself; empty when it was looked up by its accessor. */
  readonly id: string;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly numUses: number;
  readonly orphan: boolean;
  readonly path: string;
  readonly policies: readonly string[];
  readonly renewable: boolean;
  readonly ttl: number;
  readonly type: 'service' | 'batch';
}

export interface TokenRoleCall extends EngineCall {
  readonly roleName: string;
  readonly allowedPolicies?: readonly string[] | undefined;
  readonly disallowedPolicies?: readonly string[] | undefined;
  readonly orphan?: boolean | undefined;
  readonly renewable?: boolean | undefined;
  readonly pathSuffix?: string | undefined;
  readonly allowedEntityAliases?: readonly string[] | undefined;
  readonly tokenPeriod?: string | number | undefined;
  readonly tokenExplicitMaxTtl?: string | number | undefined;
  readonly tokenType?: string | undefined;
}
