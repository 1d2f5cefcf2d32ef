import { brandWithType, type InterfaceRef, type SchemaTypes } from '@pothos/core'
import type { GraphQLResolveInfo } from 'graphql'
import type { Row } from '../operations/client.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import type {
  CheckError,
  ConflictError,
  LimitError,
  UniqueError,
  WriteError,
} from '../operations/write/write-error.ts'
import { type EngineContext, type EngineTypes, once, type SchemaBuild } from './builder.ts'
import { isNode } from './objects.ts'
import { selectFromInfo } from './selection.ts'

type ErrorRef = InterfaceRef<EngineTypes, WriteError>

const codes: Readonly<Record<WriteError['type'], string>> = {
  UniqueError: 'UNIQUE',
  ForeignKeyError: 'FOREIGN_KEY',
  CheckError: 'CHECK',
  ValidationError: 'VALIDATION',
  ForbiddenError: 'FORBIDDEN',
  NotFoundError: 'NOT_FOUND',
  ConflictError: 'CONFLICT',
  LimitError: 'LIMIT',
}

/** What the caller of a mutation can mend: the interface and the types that implement it. */
export function mutationError(build: SchemaBuild): ErrorRef {
  return once(
    build,
    'MutationError',
    name => build.builder.interfaceRef<WriteError>(name),
    ref => {
      implementInterface(build, ref)
      addErrorTypes(build, ref)
    },
  )
}

function implementInterface(build: SchemaBuild, ref: ErrorRef): void {
  const code = build.builder.enumType('ErrorCode', {
    description: 'The kinds of errors in the input of a mutation, one for each type of MutationError.',
    values: Object.values(codes),
  })
  build.builder.interfaceType(ref, {
    description: 'Something about the input of a mutation that its caller can mend. Nothing was written.',
    resolveType: error => error.type,
    fields: t => ({
      code: t.field({ type: code, resolve: error => codes[error.type] }),
      message: t.string({
        description: 'What was expected and what came.',
        resolve: error => error.message,
      }),
      path: t.stringList({
        description: 'Where in the arguments: the names of fields, and positions in lists.',
        resolve: error => [...error.path],
      }),
    }),
  })
}

function addErrorTypes(build: SchemaBuild, ref: ErrorRef): void {
  const { builder } = build
  const interfaces = [ref]
  builder.objectType(builder.objectRef<UniqueError>('UniqueError'), {
    description: 'Another row has the same values in fields that have to be unique.',
    interfaces,
    fields: t => ({ fields: t.stringList({ resolve: error => [...error.fields] }) }),
  })
  builder.objectType(builder.objectRef<WriteError>('ForeignKeyError'), {
    description: 'The row refers to one that does not exist, or others still refer to it.',
    interfaces,
  })
  builder.objectType(builder.objectRef<CheckError>('CheckError'), {
    description: 'A rule of the database refused the row.',
    interfaces,
    fields: t => ({
      constraint: t.string({
        nullable: true,
        description: 'The name of the rule, if it has one.',
        resolve: error => error.constraint,
      }),
    }),
  })
  builder.objectType(builder.objectRef<WriteError>('ValidationError'), {
    description: 'A value is not as the schema says that it has to be.',
    interfaces,
  })
  builder.objectType(builder.objectRef<WriteError>('ForbiddenError'), {
    description: 'You may see the row, but not do this with it; or not make one like this.',
    interfaces,
  })
  builder.objectType(builder.objectRef<WriteError>('NotFoundError'), {
    description: 'There is no such row, or none that you may see.',
    interfaces,
  })
  addConflictError(build, ref)
  builder.objectType(builder.objectRef<LimitError>('LimitError'), {
    description: 'More rows than a limit allows.',
    interfaces,
    fields: t => ({
      limit: t.int({ resolve: error => error.limit }),
      actual: t.int({ nullable: true, resolve: error => error.actual }),
    }),
  })
}

function addConflictError({ builder, datamodel }: SchemaBuild, ref: ErrorRef): void {
  builder.objectType(builder.objectRef<ConflictError>('ConflictError'), {
    description: 'The row has another version than `ifVersion`: it has changed since it was read.',
    interfaces: [ref],
    fields: t => ({
      ...(datamodel.models.some(isNode)
        ? {
            current: t.field({
              type: builder.nodeInterfaceRef(),
              nullable: true,
              description: 'The row as it is now.',
              resolve: (error, _, context, info) => loadCurrent(error, context, info),
            }),
          }
        : {}),
    }),
  })
}

async function loadCurrent(
  { model, key }: ConflictError,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  if (!isNode(model)) return null
  const select = selectFromInfo(info, context, [], model.typeName) ?? {}
  const names = model.primaryKey?.fields ?? []
  const [row] = await findByKeys(context.refract, model, names, [key], select)
  if (row) brandWithType(row, model.typeName as keyof SchemaTypes['Objects'] & string)
  return row ?? null
}
