// C1 controls move a terminal's cursor like ESC does; the others turn or hide the text around them.
// eslint-disable-next-line no-control-regex -- showing control characters is the purpose
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text from outside, with the characters that would change what a terminal or a log shows written as `\u009b`. */
export function printableText(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
