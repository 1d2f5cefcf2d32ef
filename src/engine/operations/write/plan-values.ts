import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { exactFloat } from '../exact-float.ts'
import { valueFault } from './check-value.ts'
import type { Input, Planning } from './planning.ts'
import type { PointValue } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** A row's own columns, as its input gives them. */
export interface ValuesPlan {
  readonly values: Readonly<Record<string, unknown>>
  readonly origins: ReadonlyMap<string, InputPath>
  readonly points: readonly PointValue[]
}

/**
 * Reads a row's own columns from an input.
 *
 * @param without a relation whose key the row gets from its parent: its columns are not in the input
 */
export function planValues(
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  kind: 'create' | 'update',
  without: RelationField | null,
): ValuesPlan {
  const values: Record<string, unknown> = {}
  const origins = new Map<string, InputPath>()
  for (const field of inputScalars(model, without)) {
    const given = input[field.graphqlName]
    if (given === undefined) continue
    const fieldPath = [...path, field.graphqlName]
    origins.set(field.name, fieldPath)
    values[field.name] = planValue(planning, field, given, fieldPath, kind)
  }
  return { values, origins, points: planPoints(model, input) }
}

/** The scalar fields that an input of the model has. */
export function inputScalars(model: Model, without: RelationField | null): readonly ScalarField[] {
  const fromParent = without?.ownsKey ? without.from : []
  return model.scalars.filter(field => !fromParent.includes(field.name))
}

function planValue(
  planning: Planning,
  field: ScalarField,
  given: unknown,
  path: InputPath,
  kind: 'create' | 'update',
): unknown {
  if (field.isList) {
    return kind === 'create'
      ? planItems(planning, field, given, path)
      : planListChange(planning, field, given, path)
  }
  if (given === null) return planNull(planning, field, path)
  checkValue(planning, field, given, path)
  return field.scalar === 'Float' ? exactFloat(given, false) : given
}

function planNull(planning: Planning, field: ScalarField, path: InputPath): unknown {
  if (field.scalar === 'Json') return field.isRequired ? planning.nulls.JsonNull : planning.nulls.DbNull
  if (field.isRequired) {
    planning.refuse(
      path,
      `${field.graphqlName}: expected a value of the type ${field.graphqlType}; null came.`,
    )
  }
  return null
}

function planItems(planning: Planning, field: ScalarField, given: unknown, path: InputPath): unknown {
  if (!Array.isArray(given)) {
    planning.refuse(path, `${field.graphqlName}: expected a list, which may be empty; null came.`)
    return []
  }
  return given.map((item: unknown, index) => {
    if (item === null && field.scalar === 'Json') return planning.nulls.JsonNull
    checkValue(planning, field, item, [...path, String(index)])
    return field.scalar === 'Float' ? exactFloat(item, true) : item
  })
}

function planListChange(planning: Planning, field: ScalarField, given: unknown, path: InputPath): unknown {
  const { set, push } = (given ?? {}) as Input
  const asked = Object.entries({ set, push }).filter(([, items]) => items !== undefined && items !== null)
  const [change] = asked
  if (!change || asked.length > 1) {
    planning.refuse(
      path,
      `${field.graphqlName}: expected either set (the whole list) or push (items to add at its end); ${asked.length === 0 ? 'neither' : 'both'} came.`,
    )
    return {}
  }
  const [operation, items] = change
  return { [operation]: planItems(planning, field, items, [...path, operation]) }
}

function checkValue(planning: Planning, field: ScalarField, value: unknown, path: InputPath): void {
  const fault = valueFault(field, value)
  if (fault !== null) planning.refuse(path, `${field.graphqlName}: ${fault}.`)
}

function planPoints(model: Model, input: Input): PointValue[] {
  return pointFields(model).flatMap(field => {
    const given = input[field.graphqlName]
    return given === undefined ? [] : [{ field, point: given as PointValue['point'] }]
  })
}

/** The columns of PostgreSQL's type `point`: they are written by SQL of our own, so the row needs a primary key. */
export function pointFields(model: Model): Model['unsupported'] {
  if (!model.primaryKey) return []
  return model.unsupported.filter(field => field.databaseType.toLowerCase() === 'point')
}
