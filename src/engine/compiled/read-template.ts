import type { Datamodel, Model } from '../datamodel/model.ts'
import { quoteTable } from '../operations/sql-name.ts'
import type { Decision, Emission, Point, ReadRequest } from './emission.ts'
import type { Selection } from './plan/plan.ts'
import { emitRow } from './sql/emit-row.ts'

/**
 * The statements of one field of the query root. Most of a statement is the same for all requests; what differs is decided
 * at a few points. The first request makes the statement; those that come after it are led by their decisions to what
 * was made, and bring their own texts.
 */
export interface ReadTemplate {
  /** @param createRequest begins anew, without parameters */
  fill<Request extends ReadRequest>(createRequest: () => Request): FilledTemplate<Request>
}

export interface FilledTemplate<Request> {
  readonly sql: string
  /** The request as it was used: with the statement's parameters. */
  readonly request: Request
}

/** Each order, size of a page and kind of viewer is a statement of its own; with more of them all are made anew. */
const mostStatements = 64

type Step = Branch | Leaf

interface Branch {
  readonly point: Point<unknown>
  readonly next: Map<string, Step>
}

interface Leaf {
  /** Constant texts, and places of decided ones. */
  readonly parts: readonly (string | number)[]
  /** What was joined last: requests that differ in their values alone have the same texts. */
  last: { readonly texts: readonly string[]; readonly sql: string } | undefined
}

/** @param emit makes the statement, and looks at the request by `decide` only */
export function createReadTemplate(
  models: Datamodel,
  datamodel: Datamodel,
  emit: (emission: Emission) => string,
): ReadTemplate {
  let root: Step | undefined
  let statements = 0

  return {
    fill(createRequest) {
      const request = createRequest()
      const known = root && follow(root, request)
      if (known !== undefined) return { sql: known, request }
      const fresh = createRequest()
      const made = new Making(models, datamodel, fresh)
      const leaf: Leaf = { parts: splitPlaces(emit(made)), last: undefined }
      if (statements >= mostStatements) [root, statements] = [undefined, 0]
      root = grow(root, made.decisions, leaf)
      statements += 1
      return { sql: join(leaf, made.texts), request: fresh }
    },
  }
}

function follow(root: Step, request: ReadRequest): string | undefined {
  const texts: string[] = []
  let step: Step | undefined = root
  while (step && 'point' in step) {
    const decision = step.point(request)
    for (const text of decision.texts) texts.push(text)
    step = step.next.get(decision.key)
  }
  return step && join(step, texts)
}

/** The same text is the same object where it can be: whoever looks it up in a map need not read all of it again. */
function join(leaf: Leaf, texts: readonly string[]): string {
  const { parts, last } = leaf
  if (last && texts.every((text, index) => text === last.texts[index])) return last.sql
  let sql = ''
  for (const part of parts) sql += typeof part === 'string' ? part : texts[part]
  leaf.last = { texts, sql }
  return sql
}

interface Decided {
  readonly point: Point<unknown>
  readonly key: string
}

function grow(root: Step | undefined, decisions: readonly Decided[], leaf: Leaf): Step {
  const [first] = decisions
  if (!first) return leaf
  const branch: Branch = root && 'point' in root ? root : { point: first.point, next: new Map() }
  const rest = decisions.slice(1)
  branch.next.set(first.key, grow(branch.next.get(first.key), rest, leaf))
  return branch
}

class Making implements Emission {
  readonly models: Datamodel
  readonly datamodel: Datamodel
  readonly decisions: Decided[] = []
  readonly texts: string[] = []
  readonly context: Emission['context']
  readonly #request: ReadRequest
  #aliases = 0

  constructor(models: Datamodel, datamodel: Datamodel, request: ReadRequest) {
    this.models = models
    this.datamodel = datamodel
    this.#request = request
    this.context = {
      datamodel,
      tableOf: quoteTable,
      nextAlias: () => {
        this.#aliases += 1
        return `t${this.#aliases}`
      },
      parameter: () => {
        throw new Error('A parameter is the request’s own: it belongs to a decision.')
      },
    }
  }

  row(model: Model, selection: Selection, alias: string): string {
    return emitRow(this, model, selection, alias)
  }

  decide<Data>(point: Point<Data>): Decision<Data> {
    const decision = point(this.#request)
    this.decisions.push({ point, key: decision.key })
    return { ...decision, texts: decision.texts.map(text => markPlace(this.texts.push(text) - 1)) }
  }
}

/** Stands in a statement for a decided text until it is split: no name and no constant has these characters. */
function markPlace(index: number): string {
  return `\u0001${index}\u0002`
}

function splitPlaces(sql: string): readonly (string | number)[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the marks
  return sql.split(/\u0001(\d+)\u0002/).map((part, index) => (index % 2 === 0 ? part : Number(part)))
}
