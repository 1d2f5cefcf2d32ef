import type { Model } from '../../datamodel/model.ts'
import type { Scope } from '../scope.ts'
import { notFoundError, validationError, type WriteError } from '../write/write-error.ts'
import { describeReference } from './describe-reference.ts'
import { type Constraint, findConstraints, quotedNames } from './find-constraint.ts'
import type { WriteLocation } from './located-error.ts'
import { pathOfFields } from './path-of-fields.ts'
import { type DatabaseError, isRowMissing, readDatabaseError } from './read-database-error.ts'
import { type ColumnField, isOnTable, type Refusal } from './refusal.ts'

type Describe = (refusal: Refusal) => WriteError

const describers: Readonly<Record<string, Describe>> = {
  '23505': describeUnique,
  '23P01': describeExclusion,
  '23503': describeReference,
  '23001': describeReference,
  '23514': describeCheck,
  '23502': describeMissing,
  '22001': describeValue,
  '22003': describeValue,
  '22007': describeValue,
  '22008': describeValue,
  '22026': describeValue,
  '22P02': describeValue,
  '22P05': describeValue,
  '2200N': describeValue,
  P0001: describeRaised,
}

/** The SQLSTATEs whose constraint is known by name. */
const constraintStates: ReadonlySet<string> = new Set(['23505', '23P01', '23503', '23001', '23514'])

/**
 * What the caller can mend about a statement's error, or null for a fault. Reads the database's catalogue, so it is
 * called after the transaction was rolled back, with the client outside of it.
 */
export async function describeDatabaseError(
  scope: Scope,
  cause: unknown,
  location: WriteLocation,
): Promise<WriteError | null> {
  if (isRowMissing(cause)) {
    return notFoundError(
      location.path,
      `Expected an existing ${location.model.typeName}; there is none any more.`,
    )
  }
  const error = readDatabaseError(cause)
  const describe = error && describers[error.state]
  if (!describe) return null
  const constraint = constraintStates.has(error.state)
    ? await findConstraint(scope, error, location.model)
    : null
  const fields = fieldsOf(location.model, constraint, error)
  return describe({
    datamodel: scope.datamodel,
    access: scope.access,
    location,
    error,
    constraint,
    fields,
  })
}

async function findConstraint(scope: Scope, error: DatabaseError, model: Model): Promise<Constraint | null> {
  const names = error.constraint === null ? quotedNames(error.message) : [error.constraint]
  const found = await findConstraints(scope.database, names)
  const ranked = names.flatMap(name => found.filter(constraint => constraint.name === name))
  return ranked.find(constraint => isOnTable(constraint, model)) ?? ranked[0] ?? null
}

function fieldsOf(model: Model, constraint: Constraint | null, error: DatabaseError): readonly ColumnField[] {
  if (constraint) {
    if (!isOnTable(constraint, model)) return []
    const columns = [...model.scalars, ...model.unsupported]
    return constraint.columns.flatMap(column => columns.filter(field => field.column === column))
  }
  if (error.state !== '23502') return []
  const names = quotedNames(error.message)
  return model.scalars.filter(field => names.includes(field.column))
}

function namesOf(fields: readonly ColumnField[]): string {
  return fields.map(field => field.graphqlName).join(', ')
}

function describeUnique({ location, fields }: Refusal): WriteError {
  const what =
    fields.length > 0 ? `the same ${fields.map(field => field.graphqlName).join(' and ')}` : 'the same key'
  return {
    type: 'UniqueError',
    message: `Expected values that no other ${location.model.typeName} has; one with ${what} exists.`,
    path: pathOfFields(location, fields),
    fields: fields.map(field => field.graphqlName),
  }
}

function describeExclusion(refusal: Refusal): WriteError {
  const { location, fields, constraint } = refusal
  return {
    type: 'CheckError',
    message: `The rule ${constraint?.name ?? ''} refused this ${location.model.typeName}: expected values that do not overlap with another row's${fields.length > 0 ? ` in ${namesOf(fields)}` : ''}.`,
    path: pathOfFields(location, fields),
    constraint: constraint?.name ?? null,
  }
}

function describeCheck({ location, fields, constraint }: Refusal): WriteError {
  const name = constraint?.name ?? null
  return {
    type: 'CheckError',
    message: `Expected ${fields.length > 0 ? namesOf(fields) : `values of ${location.model.typeName}`} to keep the rule ${name ?? 'of the database'}; what came breaks it.`,
    path: pathOfFields(location, fields),
    constraint: name,
  }
}

/** `RAISE EXCEPTION` in a trigger: its author wrote the message for the one who writes the row. */
function describeRaised({ location, error }: Refusal): WriteError {
  return { type: 'CheckError', message: error.message, path: location.path, constraint: null }
}

function describeMissing({ location, fields }: Refusal): WriteError {
  const what = fields.length > 0 ? namesOf(fields) : `every required field of ${location.model.typeName}`
  return validationError(pathOfFields(location, fields), `Expected a value for ${what}; null came.`)
}

const valueFaults: Readonly<Record<string, { types: readonly string[]; expected: string; came: string }>> = {
  '22001': { types: ['String'], expected: 'a text that is not too long', came: 'a longer one came' },
  '22003': {
    types: ['Int', 'BigInt', 'Float', 'Decimal'],
    expected: 'a number in the range of the field',
    came: 'the result is outside of it',
  },
  '22007': { types: ['DateTime'], expected: 'a date and time that exists', came: 'another came' },
  '22008': { types: ['DateTime'], expected: 'a date and time in range', came: 'another came' },
}

function describeValue({ location, error }: Refusal): WriteError {
  const { types, expected, came } = valueFaults[error.state] ?? {
    types: ['String'],
    expected: 'a value of the form that the field has',
    came: 'another came',
  }
  const written = location.model.scalars.filter(
    field => types.includes(field.scalar ?? '') && location.origins.has(field.name),
  )
  const where = written.length > 0 ? namesOf(written) : location.model.typeName
  return validationError(pathOfFields(location, written), `${where}: expected ${expected}; ${came}.`)
}
