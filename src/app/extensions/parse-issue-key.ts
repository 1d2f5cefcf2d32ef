import { RefractError } from '../../errors.ts'

/** A team's key and a number that fits into 32 bits. */
export const issueKeyPattern = /^([A-Z]{2,5})-([1-9][0-9]{0,8})$/

/** Takes `ENG-42` apart. Throws a RefractError (BAD_USER_INPUT) for anything else. */
export function parseIssueKey(key: string): { readonly teamKey: string; readonly number: number } {
  const [, teamKey, number] = issueKeyPattern.exec(key) ?? []
  if (!teamKey || !number) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `Expected the key of an issue, as "ENG-42", got ${JSON.stringify(key.slice(0, 40))}.`,
    )
  }
  return { teamKey, number: Number(number) }
}
