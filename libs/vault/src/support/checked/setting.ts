/** A setting by both of its names. */
export interface Setting {
  /** Environment variable, such as `VAULT_CACERT`. */
  readonly variable: string;
  /** Path of the option, such as `tls.caFile`. */
  readonly option: string;
}

/** Both names, as a message shows them. */
export function shownSetting({ variable, option }: Setting): string {
  return `${variable} (option \`${option}\`)`;
}
