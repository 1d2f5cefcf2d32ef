import { randomUUID } from 'node:crypto'
import cuid from '@bugsnag/cuid'
import { createId } from '@paralleldrive/cuid2'
import { nanoid } from 'nanoid'
import { ulid } from 'ulid'
import { v7 } from 'uuid'
import type { Model, ScalarField } from '../../datamodel/model.ts'
import { NotCompilable } from '../emission.ts'

type Generate = (now: Date, args: readonly unknown[]) => unknown

/** What Prisma fills in itself, with the libraries that it has for it. */
const generators: Readonly<Record<string, Generate>> = {
  now: now => now,
  uuid: (_, [version]) => (version === 7 ? v7() : randomUUID()),
  cuid: (_, [version]) => (version === 2 ? createId() : cuid()),
  nanoid: (_, [length]) => (typeof length === 'number' ? nanoid(length) : nanoid()),
  ulid: () => ulid(),
}

/** What the database fills in. */
const ofDatabase: ReadonlySet<string> = new Set(['autoincrement', 'dbgenerated', 'sequence'])

/**
 * The columns that a create leaves out and that Prisma would fill in, by Prisma field name.
 *
 * @throws NotCompilable for defaults that only Prisma knows how to make
 */
export function defaultValues(
  { scalars }: Model,
  given: Readonly<Record<string, unknown>>,
  now: Date,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const field of scalars) {
    if (given[field.name] !== undefined) continue
    const value = defaultValue(field, now)
    if (value !== undefined) values[field.name] = value
  }
  return values
}

function defaultValue(field: ScalarField, now: Date): unknown {
  const { name, defaultFunction, defaultValue: literal, isUpdatedAt } = field
  if (defaultFunction) {
    if (ofDatabase.has(defaultFunction.name)) return undefined
    const generate = generators[defaultFunction.name]
    if (!generate) throw new NotCompilable(`Only Prisma makes the default of ${name}.`)
    return generate(now, defaultFunction.args)
  }
  if (literal !== null && literal !== undefined) {
    return Array.isArray(literal)
      ? literal.map(item => readLiteral(field, item))
      : readLiteral(field, literal)
  }
  return isUpdatedAt ? now : undefined
}

/** The DMMF has JSON as text, bytes as base64, and all else in a form that Prisma takes. */
function readLiteral({ scalar }: ScalarField, literal: unknown): unknown {
  if (scalar === 'Json') return JSON.parse(String(literal))
  return scalar === 'Bytes' ? new Uint8Array(Buffer.from(String(literal), 'base64')) : literal
}

/** The columns that Prisma sets with every update that does not set them itself. */
export function updatedValues(
  { scalars }: Model,
  given: Readonly<Record<string, unknown>>,
  now: Date,
): Readonly<Record<string, unknown>> {
  const fields = scalars.filter(({ name, isUpdatedAt }) => isUpdatedAt && given[name] === undefined)
  return Object.fromEntries(fields.map(({ name }) => [name, now]))
}
