import { textFault } from '../../../lib/text-fault.ts'
import type { ScalarField } from '../../datamodel/model.ts'

/** The integer types that are narrower than the GraphQL scalar their fields are served as. */
const integerRanges: Readonly<Record<string, readonly [minimum: bigint, maximum: bigint]>> = {
  SmallInt: [-(2n ** 15n), 2n ** 15n - 1n],
  Oid: [0n, 2n ** 32n - 1n],
  Int: [-(2n ** 31n), 2n ** 31n - 1n],
  BigInt: [-(2n ** 63n), 2n ** 63n - 1n],
}

const defaultDecimalDigits = 131_072 // the digits before the point that PostgreSQL's numeric can hold

/**
 * Why a value (not null, not a list) cannot be stored in the field, said as what was expected and what came; null
 * where nothing speaks against it.
 */
export function valueFault(field: ScalarField, value: unknown): string | null {
  if (typeof value === 'string' && field.scalar === 'Decimal') return decimalFault(field, value)
  if (typeof value === 'string') return storableTextFault(field, value)
  if (typeof value === 'number' || typeof value === 'bigint') return integerFault(field, value)
  return null
}

function storableTextFault(field: ScalarField, text: string): string | null {
  const fault = textFault(text)
  if (fault) return `expected ${fault}`
  const limit = textLimit(field)
  if (limit === null || text.length <= limit) return null
  const length = [...text].length
  return length > limit ? `expected at most ${limit} characters; ${length} came` : null
}

/** The length of `@db.VarChar(n)` and `@db.Char(n)`, in characters. */
function textLimit({ nativeType }: ScalarField): number | null {
  if (nativeType?.name === 'Char') return Number(nativeType.args[0] ?? 1)
  if (nativeType?.name !== 'VarChar' || nativeType.args[0] === undefined) return null
  return Number(nativeType.args[0])
}

function integerFault(field: ScalarField, value: number | bigint): string | null {
  if (field.scalar === 'Float' || field.scalar === 'Decimal') {
    return Number.isFinite(Number(value)) ? null : 'expected a finite number'
  }
  const range = integerRanges[field.nativeType?.name ?? ''] ?? integerRanges[field.scalar ?? '']
  if (!range) return null
  if (typeof value === 'number' && !Number.isInteger(value)) return `expected a whole number; ${value} came`
  const [minimum, maximum] = range
  const isInRange = BigInt(value) >= minimum && BigInt(value) <= maximum
  return isInRange ? null : `expected a number from ${minimum} to ${maximum}; ${value} came`
}

/** `@db.Decimal(p, s)` holds p - s digits before the point; digits past s behind it are rounded away. */
function decimalFault({ nativeType }: ScalarField, text: string): string | null {
  const [precision, scale] = nativeType?.name === 'Decimal' ? nativeType.args.map(Number) : []
  const limit = precision === undefined ? defaultDecimalDigits : precision - (scale ?? 0)
  const digits = digitsBeforePoint(text)
  return digits > limit ? `expected at most ${limit} digits before the decimal point; ${digits} came` : null
}

function digitsBeforePoint(text: string): number {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  const digits = `${whole}${fraction}`
  const leadingZeros = digits.length - digits.replace(/^0+/, '').length
  if (leadingZeros === digits.length) return 0
  return Math.max(0, whole.length + Number(exponent) - leadingZeros)
}
