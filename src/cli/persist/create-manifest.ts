import { createHash } from 'node:crypto'
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql'
import { StartError } from '../../errors.ts'

/** A definition and where it stands, as `file:line`. */
export interface PlacedDefinition {
  readonly definition: DefinitionNode
  readonly place: string
}

/** The format of Apollo's manifests: operations by name, which clients know, with the ids that the server knows. */
export interface Manifest {
  readonly format: 'apollo-persisted-query-manifest'
  readonly version: 1
  readonly operations: readonly ManifestOperation[]
}

export interface ManifestOperation {
  /** The SHA-256 of the body. */
  readonly id: string
  readonly name: string
  readonly type: string
  readonly body: string
}

export interface ManifestOptions {
  /** To validate the operations. */
  readonly schema: GraphQLSchema | undefined
  /** Whether `__typename` is added to every selection below the first level, as the caches of clients do. */
  readonly hasTypenames: boolean
}

/**
 * Makes a document of each operation, with the fragments that it needs.
 *
 * @throws StartError that lists everything that is wrong: operations without a name or with the same, fragments that are
 *   not there or there twice, what does not fit the schema
 */
export function createManifest(
  definitions: readonly PlacedDefinition[],
  { schema, hasTypenames }: ManifestOptions,
): Manifest {
  const faults: string[] = []
  const fragments = collectFragments(definitions, faults)
  const operations = collectOperations(definitions, faults).map(({ definition, place }) => {
    const document = completeDocument(definition, fragments, message => faults.push(`${place}: ${message}`))
    if (schema) faults.push(...validate(schema, document).map(({ message }) => `${place}: ${message}`))
    const body = print(hasTypenames ? addTypenames(document) : document)
    const id = createHash('sha256').update(body).digest('hex')
    return { id, name: definition.name?.value ?? '', type: definition.operation, body }
  })
  if (faults.length > 0) throw new StartError(describeFaults(faults))
  operations.sort((left, right) => (left.name < right.name ? -1 : 1))
  return { format: 'apollo-persisted-query-manifest', version: 1, operations }
}

function describeFaults(faults: readonly string[]): string {
  return `The documents are not in order, and nothing was written. Mend them and try again:\n${faults.map(fault => `  ${fault}`).join('\n')}`
}

function collectFragments(
  definitions: readonly PlacedDefinition[],
  faults: string[],
): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const { definition, place } of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const { value: name } = definition.name
    const other = fragments.get(name)
    if (other && print(other) !== print(definition))
      faults.push(`${place}: There is another fragment ${name}.`)
    fragments.set(name, definition)
  }
  return fragments
}

interface PlacedOperation {
  readonly definition: OperationDefinitionNode
  readonly place: string
}

function collectOperations(
  definitions: readonly PlacedDefinition[],
  faults: string[],
): readonly PlacedOperation[] {
  const operations = new Map<string, PlacedOperation>()
  for (const { definition, place } of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const name = definition.name?.value
    if (name === undefined) {
      faults.push(`${place}: The ${definition.operation} has no name, by which clients could know it.`)
      continue
    }
    const other = operations.get(name)
    if (other && print(other.definition) !== print(definition))
      faults.push(`${place}: There is another operation ${name} in ${other.place}.`)
    operations.set(name, { definition, place })
  }
  return [...operations.values()]
}

/** The operation with all fragments that it spreads, directly and through others, in the order of their first use. */
function completeDocument(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  complain: (message: string) => void,
): DocumentNode {
  const definitions: DefinitionNode[] = [operation]
  const known = new Set<string>()
  // grows while it is walked
  for (const definition of definitions) {
    visit(definition, {
      FragmentSpread({ name: { value: name } }) {
        if (known.has(name)) return
        known.add(name)
        const fragment = fragments.get(name)
        if (fragment) definitions.push(fragment)
        else complain(`There is no fragment ${name} in the files given.`)
      },
    })
  }
  return { kind: Kind.DOCUMENT, definitions }
}

function addTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave(node, _key, parent) {
        const isRoot = parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION
        return isRoot || hasTypename(node)
          ? undefined
          : { ...node, selections: [...node.selections, typename] }
      },
    },
  })
}

function hasTypename({ selections }: SelectionSetNode): boolean {
  return selections.some(
    selection => selection.kind === Kind.FIELD && selection.name.value.startsWith('__') && !selection.alias,
  )
}

const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const
