import { JsonText } from './json-text.ts'

/** The JSON of an object: as `JSON.stringify` writes it, but that a JsonText of its own is not parsed. */
export function printJson(value: object): string {
  let members = ''
  for (const [key, member] of Object.entries(value)) {
    const text = member instanceof JsonText ? member.text : JSON.stringify(member)
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${text}`
  }
  return `{${members}}`
}
