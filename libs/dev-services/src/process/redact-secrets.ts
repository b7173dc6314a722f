const TOKEN = /\b(?:hv[sbr]|[sbr])\.[A-Za-z0-9_-]{20,}/g;
const LABELLED = /((?:unseal key(?: \d+)?|(?:initial )?root token|password|secret_id)["']?\s*[:=]\s*["']?)[^\s"',]+/gi;
const URL_PASSWORD = /(\/\/[^\s:/@]+:)[^\s@]+@/g;

/** Replaces every known secret, and whatever has the shape of a token, key or password, by `<redacted>`. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets) if (secret !== '') redacted = redacted.replaceAll(secret, '<redacted>');
  return redacted.replaceAll(TOKEN, '<redacted>').replaceAll(LABELLED, '$1<redacted>').replaceAll(URL_PASSWORD, '$1<redacted>@');
}
