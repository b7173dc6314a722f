/** Source: Vault API, "Database secrets engine", "Generate credentials". */
export interface GeneratedCredentials {
  readonly username: string;
  readonly password: string;
}

/** Source: Vault API, "Database secrets engine", "Get static credentials". */
export interface StaticCredentials {
  readonly username: string;
  readonly password: string;
  /** Seconds until the next rotation, as the API says; it can lie around a rotation. */
  readonly ttl: number;
  /** Seconds between rotations; 0 for a role that rotates on a schedule. */
  readonly rotationPeriod: number;
  /** RFC 3339; changes with each rotation and is the truth about it. */
  readonly lastVaultRotation: string;
}
