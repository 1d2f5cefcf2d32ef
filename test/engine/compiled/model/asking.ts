import type { GraphQLSchema } from 'graphql'
import type { Datamodel } from '../../../../src/engine/index.ts'
import type { Random } from '../../../support/random.ts'
import type { Knowledge } from './knowledge.ts'

/** An operation as a client sends it. */
export interface Operation {
  readonly source: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | undefined
}

/** The making of one operation. */
export interface Asking {
  /** The viewer's. */
  readonly schema: GraphQLSchema
  readonly datamodel: Datamodel
  readonly random: Random
  readonly knowledge: Knowledge
  readonly parts: OperationParts
}

/** What an operation has besides its selection, as far as it is made. */
export class OperationParts {
  readonly declarations: string[] = []
  readonly variables: Record<string, unknown> = {}
  readonly fragments: Fragment[] = []
  /** How many more fields there should be. */
  fieldsLeft: number
  #names = 0

  constructor(fieldsLeft: number) {
    this.fieldsLeft = fieldsLeft
  }

  /** A name that nothing else in the document has. */
  nextName(prefix: string): string {
    return `${prefix}${this.#names++}`
  }
}

export interface Fragment {
  readonly name: string
  readonly typeName: string
  readonly text: string
}

/** True so many times out of a hundred. */
export function chance({ random }: Pick<Asking, 'random'>, percent: number): boolean {
  return random.below(100) < percent
}
