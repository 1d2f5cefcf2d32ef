import type { GraphQLResolveInfo } from 'graphql'
import type { Model } from '../datamodel/model.ts'
import type { DatabaseClient, Row, Where } from '../operations/client.ts'
import { atLocation } from '../operations/database-errors/located-error.ts'
import { createGuardedClient } from '../operations/guarded/guarded-client.ts'
import { keyFields, keyText, keyWhere } from '../operations/key.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import { runWrite } from '../operations/transaction.ts'
import { readRow, rowSelect } from '../operations/write/read-row.ts'
import { type WriteError, WriteFailure } from '../operations/write/write-error.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { EngineContext, RowRef, SchemaBuild } from './builder.ts'
import type { ConnectionSource, ListArguments } from './connection-source.ts'
import { connectionRef, listArguments } from './connections.ts'
import { filterInput, uniqueInput } from './filters.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { offered } from './offers.ts'
import { type Payload, payloadRef, rowField, toPayload } from './payloads.ts'
import { rootConnection } from './root-connection.ts'
import { placeOf, selectFromInfo } from './selection.ts'

/** The generated parts of the API, for extensions to build on. Models are named as in the Prisma schema. */
export interface ExtensionTools {
  /** `Issue`: the type of a row. */
  object(model: string): RowRef
  /** `IssuePayload`: the type of a mutation that answers one row or typed errors. */
  payload(model: string): ReturnType<typeof payloadRef>
  /** `IssueConnection`: the type of a list. */
  connection(model: string): ReturnType<typeof connectionRef>
  /** The arguments of a list: `where`, `orderBy`, `first`, `after`, `last`, `before`, `offset`. */
  listArguments(model: string): ReturnType<typeof listArguments>
  /** `IssueFilter`. */
  filter(model: string): ReturnType<typeof filterInput>
  /** `IssueUniqueInput`. */
  unique(model: string): ReturnType<typeof uniqueInput>
  /**
   * The row of a primary key (its values by Prisma field name) as the API itself would give it to the viewer, or null; for
   * a field of the model's type. All rows that are asked for at the same place of an operation share one statement.
   */
  load(model: string, key: Row, context: EngineContext, info: GraphQLResolveInfo): Promise<Row | null>
  /**
   * Makes a field of the extension's own one that only some viewers have: for others it is not in the schema. To be given
   * to Pothos as the `extensions` of the field.
   */
  onlyFor(permission: (viewer: Viewer) => boolean): Readonly<Record<string, unknown>>
  /**
   * The rows of a model that exist for the viewer, that the arguments ask for and that meet a Prisma `where` of the extension's own; for a field
   * of the type `connection(model)`.
   */
  list(
    model: string,
    where: Where,
    args: ListArguments,
    context: EngineContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionSource>
  /**
   * Runs a mutation of the extension's own in one transaction and answers the row it returns (its primary key is
   * enough), read anew. Broken constraints and what `refuse` throws are answered as typed errors with nothing written;
   * any other error is thrown. `work` can run several times, when another transaction was in its way: it does nothing
   * but write through the client it is given, which keeps to the policies. For a field of the type `payload(model)`.
   */
  write(
    model: string,
    context: EngineContext,
    info: GraphQLResolveInfo,
    work: (client: DatabaseClient) => Promise<Row>,
  ): Promise<Payload>
  /** Throws an error that `write` answers in the payload's `errors`. */
  refuse(error: WriteError): never
}

export function createExtensionTools(build: SchemaBuild): ExtensionTools {
  const find = (name: string) => build.datamodel.model(name)
  return {
    object: model => build.rowRef(find(model)),
    payload: model => payloadRef(build, find(model)),
    connection: model => connectionRef(build, find(model)),
    listArguments: model => listArguments(build, find(model)),
    filter: model => filterInput(build, find(model)),
    unique: model => uniqueInput(build, find(model)),
    load: (model, key, context, info) => loadRow(find(model), key, context, info),
    onlyFor: permission => offered(access => access.isFull || permission(access.viewer)),
    list: (model, where, args, context, info) => rootConnection(find(model), args, context, info, where),
    write: (model, context, info, work) => write(find(model), context, info, work),
    refuse: error => {
      throw new WriteFailure([error])
    },
  }
}

async function loadRow(
  model: Model,
  key: Row,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const scope = context.refract
  const names = keyFields(model).map(field => field.name)
  const loader = await sharedAt(scope, placeOf(info), async () => {
    const select = selectFromInfo(info, context) ?? {}
    return createLoader<Row, Row | null>(
      keys => findByKeys(scope, model, names, keys, select),
      one => keyText(model, names, one),
    )
  })
  return loader.load(key)
}

async function write(
  model: Model,
  context: EngineContext,
  info: GraphQLResolveInfo,
  work: (client: DatabaseClient) => Promise<Row>,
): Promise<Payload> {
  const select = rowSelect(model, selectFromInfo(info, context, [[rowField(model.singular)]], model.typeName))
  const location = { model, action: 'update', path: [], origins: new Map(), isBatch: false } as const
  const outcome = await runWrite(context.refract, model, async scope => {
    const key = await atLocation(location, () => work(createGuardedClient(scope)))
    return readRow(scope, model, keyWhere(model, key), select)
  })
  return toPayload(outcome)
}
