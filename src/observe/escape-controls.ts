/**
 * C0 and C1 controls (newlines, ANSI escapes), zero-width and bidirectional marks, line separators, the byte order
 * mark and lone surrogates: what could forge a log line or make a terminal show another text than is there.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Returns the text with every such character written as `\uXXXX`; other text is returned as it is. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
