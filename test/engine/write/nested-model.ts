/** Nested writes done in plain JavaScript, to compare the database with. */

export interface World {
  /** Reviews of a book: the key is required. */
  readonly reviews: Map<number, { value: number; parent: number }>
  /** Books that an author edits: the key is optional. */
  readonly books: Map<number, { value: number; parent: number | null }>
  /** Badges of an author, one each: the key is optional. */
  readonly badges: Map<string, { parent: number | null }>
  readonly subjects: Map<number, { value: number }>
  /** `book:subject`. */
  readonly links: Set<string>
}

/** One row at the other end, as the generated inputs describe it. */
export interface Item {
  readonly key: number
  readonly value: number
}

export interface Verbs {
  readonly set?: readonly number[] | undefined
  readonly disconnect?: readonly number[] | undefined
  readonly delete?: readonly number[] | undefined
  /** The least value that the filter matches. */
  readonly deleteMany?: readonly number[] | undefined
  readonly update?: readonly Item[] | undefined
  readonly updateMany?: readonly { readonly least: number; readonly value: number }[] | undefined
  readonly upsert?: readonly Item[] | undefined
  readonly connect?: readonly number[] | undefined
  readonly connectOrCreate?: readonly Item[] | undefined
  readonly create?: readonly Item[] | undefined
}

/** The code of the error that the API has to answer. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** The children of one parent in one relation. */
export interface Children {
  readonly isRequired: boolean
  readonly valueAt: (key: number) => number | undefined
  readonly isLinked: (key: number) => boolean
  readonly linkedKeys: () => readonly number[]
  readonly write: (item: Item) => void
  readonly link: (key: number) => void
  readonly unlink: (key: number) => void
  readonly remove: (key: number) => void
}

/** Does what nested verbs say, in the order in which the API does them. Throws Refused at the first error. */
export function applyVerbs(children: Children, verbs: Verbs): void {
  const { isLinked, valueAt } = children
  const exists = (key: number) => valueAt(key) !== undefined
  const linkedOnly = (keys: readonly number[]) => assertAll(keys, isLinked)
  const matches = (least: number) => children.linkedKeys().filter(key => (valueAt(key) ?? -1) >= least)
  const create = (item: Item) => {
    if (item.value > 5) throw new Refused('CHECK')
    if (exists(item.key)) throw new Refused('UNIQUE')
    children.write(item)
    children.link(item.key)
  }
  const change = (item: Item) => {
    if (item.value > 5) throw new Refused('CHECK')
    children.write(item)
  }
  if (verbs.disconnect && children.isRequired) throw new Refused('VALIDATION')
  if (verbs.set) replace(children, verbs.set, exists)
  if (verbs.disconnect) {
    linkedOnly(verbs.disconnect)
    verbs.disconnect.forEach(children.unlink)
  }
  if (verbs.delete) {
    linkedOnly(verbs.delete)
    verbs.delete.forEach(children.remove)
  }
  for (const least of verbs.deleteMany ?? []) matches(least).forEach(children.remove)
  for (const item of verbs.update ?? []) {
    linkedOnly([item.key])
    change(item)
  }
  for (const { least, value } of verbs.updateMany ?? []) {
    for (const key of matches(least)) change({ key, value })
  }
  for (const item of verbs.upsert ?? []) {
    if (isLinked(item.key)) change(item)
    else create(item)
  }
  if (verbs.connect) {
    assertAll(verbs.connect, exists)
    verbs.connect.forEach(children.link)
  }
  for (const item of verbs.connectOrCreate ?? []) {
    if (exists(item.key)) children.link(item.key)
    else create(item)
  }
  verbs.create?.forEach(create)
}

function replace(children: Children, keys: readonly number[], exists: (key: number) => boolean): void {
  assertAll(keys, exists)
  const leaving = children.linkedKeys().filter(key => !keys.includes(key))
  if (leaving.length > 0 && children.isRequired) throw new Refused('VALIDATION')
  leaving.forEach(children.unlink)
  keys.forEach(children.link)
}

function assertAll(keys: readonly number[], holds: (key: number) => boolean): void {
  if (!keys.every(holds)) throw new Refused('NOT_FOUND')
}

export function reviewsOf(world: World, book: number): Children {
  const { reviews } = world
  return {
    isRequired: true,
    valueAt: key => reviews.get(key)?.value,
    isLinked: key => reviews.get(key)?.parent === book,
    linkedKeys: () => [...reviews.keys()].filter(key => reviews.get(key)?.parent === book),
    write: ({ key, value }) => void reviews.set(key, { parent: reviews.get(key)?.parent ?? book, value }),
    link: key => void reviews.set(key, { value: reviews.get(key)?.value ?? 0, parent: book }),
    unlink: key => void reviews.delete(key),
    remove: key => void reviews.delete(key),
  }
}

export function editedBy(world: World, author: number): Children {
  const { books, links, reviews } = world
  const setParent = (key: number, parent: number | null) =>
    void books.set(key, { value: books.get(key)?.value ?? 0, parent })
  return {
    isRequired: false,
    valueAt: key => books.get(key)?.value,
    isLinked: key => books.get(key)?.parent === author,
    linkedKeys: () => [...books.keys()].filter(key => books.get(key)?.parent === author),
    write: ({ key, value }) => void books.set(key, { parent: books.get(key)?.parent ?? null, value }),
    link: key => setParent(key, author),
    unlink: key => setParent(key, null),
    remove: key => {
      books.delete(key)
      for (const link of links) if (link.startsWith(`${key}:`)) links.delete(link)
      for (const [id, review] of reviews) if (review.parent === key) reviews.delete(id)
    },
  }
}

export function subjectsOf(world: World, book: number): Children {
  const { subjects, links } = world
  return {
    isRequired: false,
    valueAt: key => subjects.get(key)?.value,
    isLinked: key => links.has(`${book}:${key}`),
    linkedKeys: () => [...subjects.keys()].filter(key => links.has(`${book}:${key}`)),
    write: ({ key, value }) => void subjects.set(key, { value }),
    link: key => void links.add(`${book}:${key}`),
    unlink: key => void links.delete(`${book}:${key}`),
    remove: key => {
      subjects.delete(key)
      for (const link of links) if (link.endsWith(`:${key}`)) links.delete(link)
    },
  }
}
