/** For an operator that neither clients' filters nor policies become. */
export function unknownOperator(fieldName: string, operator: string): Error {
  return new Error(`The filter on ${fieldName} has ${operator}, which cannot be made into SQL.`)
}
