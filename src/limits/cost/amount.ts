/** The variables of a request, as they came: nothing has looked at them yet. */
export type Variables = Readonly<Record<string, unknown>>

/** Points, or rows: known from the document alone, or only with the variables of a request. */
export type Amount = number | ((variables: Variables) => number)

/**
 * The largest number that is told: sums and products stop here, so that no page size, however absurd, makes a number
 * that is inexact, infinite or none.
 */
export const mostPoints = Number.MAX_SAFE_INTEGER

export function evaluate(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables)
}

/** The sum; a number where all of them are numbers. */
export function add(amounts: readonly Amount[]): Amount {
  let known = 0
  const open: ((variables: Variables) => number)[] = []
  for (const amount of amounts) {
    if (typeof amount === 'number') known = saturate(known + amount)
    else open.push(amount)
  }
  if (open.length === 0) return known
  return variables => {
    let sum = known
    for (const amount of open) sum += amount(variables)
    return saturate(sum)
  }
}

/** The product; a number where both are numbers, or one of them is 0. */
export function multiply(left: Amount, right: Amount): Amount {
  if (left === 0 || right === 0) return 0
  if (typeof left === 'number' && typeof right === 'number') return saturate(left * right)
  return variables => saturate(evaluate(left, variables) * evaluate(right, variables))
}

/** The largest of them, at least 0; a number where all of them are numbers. */
export function largest(amounts: readonly Amount[]): Amount {
  const known = Math.max(0, ...amounts.filter(amount => typeof amount === 'number'))
  const open = amounts.filter(amount => typeof amount !== 'number')
  if (open.length === 0) return known
  return variables => Math.max(known, ...open.map(amount => amount(variables)))
}

/** The amount where the condition holds, else 0. */
export function onlyIf(condition: Condition | undefined, amount: Amount): Amount {
  if (condition === undefined || amount === 0) return amount
  return variables => (condition(variables) ? evaluate(amount, variables) : 0)
}

/** Whether a request with these variables selects something. */
export type Condition = (variables: Variables) => boolean

/** A size that somebody asks for as a number of rows: none where it makes no sense, and never more than can be told. */
export function saturate(size: number): number {
  return size >= mostPoints ? mostPoints : size > 0 ? Math.floor(size) : 0
}
