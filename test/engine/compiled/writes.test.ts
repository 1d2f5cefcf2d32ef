import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasTestServer } from '../../support/database.ts'
import { createLibrary, type Library } from '../write/library.ts'

const ada = '018f4e9c-7a00-7000-8000-000000000001'

let library: Library
const reasons: unknown[] = []
beforeAll(async () => {
  library = await createLibrary(undefined, undefined, {
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
})
beforeEach(async () => {
  await library.clear()
  await library.sql(`INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada')`)
  reasons.length = 0
})
afterAll(() => library?.close())

/** What each statement does to which table. */
function verbs(statements: readonly string[]): readonly string[] {
  return statements.map(sql => {
    const [, verb = '', table = ''] = /^(\w+).*?(?:INTO|UPDATE|FROM) "?(\w+)/s.exec(`${sql}`) ?? []
    return `${verb} ${table}`
  })
}

describe('the statements of a mutation', () => {
  test('one, where columns of the row are asked for', async () => {
    const { payload, statements } = await library.measure(
      `createReview(data: { stars: 4, book: { connect: { id: 1 } } }) { errors { code } }`,
    )
    expect(payload.errors).toEqual([{ code: 'NOT_FOUND' }])
    expect(statements.every(sql => sql.startsWith('SELECT'))).toBe(true)
    const made = await library.measure('createSubject(data: { name: "Math" }) { subject { id name nodeId } }')
    expect(verbs(made.statements)).toEqual(['INSERT Subject'])
    expect(made.payload.subject.name).toBe('Math')
  })

  test('one more, where related rows are asked for', async () => {
    const { payload, statements } = await library.measure(
      `createBook(data: { title: "One", author: { connect: { email: "ada" } } }) {
        book { title author { name books { totalCount } } } errors { message }
      }`,
    )
    expect(payload).toEqual({
      book: { title: 'One', author: { name: 'Ada', books: { totalCount: 1 } } },
      errors: [],
    })
    expect(verbs(statements)).toEqual(['SELECT authors', 'INSERT books', expect.stringMatching(/^SELECT/)])
    expect(reasons).toEqual([])
  })

  test('one for all new rows of a model, also below several parents', async () => {
    const { payload, statements } = await library.measure(
      `createBooks(data: [
        { title: "One", authorId: "${ada}", reviews: { create: [
          { stars: 1, replies: { create: [{ text: "a" }, { text: "b" }] } }, { stars: 2 }
        ] } }
        { title: "Two", authorId: "${ada}", reviews: { create: [{ stars: 3, replies: { create: [{ text: "c" }] } }] } }
      ]) { books { title reviews { nodes { stars replies { nodes { text } } } } } errors { message } }`,
    )
    const replies = (...texts: string[]) => ({ nodes: texts.map(text => ({ text })) })
    expect(payload.books).toEqual([
      {
        title: 'One',
        reviews: {
          nodes: [
            { stars: 1, replies: replies('a', 'b') },
            { stars: 2, replies: replies() },
          ],
        },
      },
      { title: 'Two', reviews: { nodes: [{ stars: 3, replies: replies('c') }] } },
    ])
    expect(verbs(statements)).toEqual([
      'INSERT books',
      'INSERT Review',
      'INSERT Reply',
      expect.stringMatching(/^SELECT/),
    ])
  })

  test('the same text for lists of every length', async () => {
    const texts = [2, 5].map(async length => {
      const data = Array.from({ length }, (_, index) => `{ name: "${length} ${index}" }`)
      const { statements } = await library.measure(
        `createSubjects(data: [${data.join()}]) { subjects { name } count }`,
      )
      return statements
    })
    const [two, five] = await Promise.all(texts)
    expect(two).toHaveLength(1)
    expect(five).toEqual(two)
  })

  test('a version is compared on the locked row', async () => {
    const { payload: made } = await library.measure(
      `createBook(data: { title: "One", authorId: "${ada}" }) { book { id version } }`,
    )
    const { payload, statements } = await library.measure(
      `updateBook(where: { id: ${made.book.id} }, data: { title: "Two" }, ifVersion: "${made.book.version}") {
        book { title } errors { code }
      }`,
    )
    expect(payload).toEqual({ book: { title: 'Two' }, errors: [] })
    expect(statements).toHaveLength(3)
    expect(statements[0]).toMatch(/^SELECT FROM "books" .* FOR UPDATE$/)
    expect(reasons).toEqual([])
  })
})

describe('what cannot be done without Prisma', () => {
  test('is done by resolvers, each field for itself and in its turn', async () => {
    const { data, errors } = await library.query(`mutation {
      a: createSubject(data: { name: "Math" }) { subject { name } errors { code } }
      b: createSubject(data: { name: "Math" }) { subject { name } errors { code path } }
      __typename
      c: updateSubject(where: { name: "Math" }, data: { name: "Music" }) { subject { name } errors { code } }
      d: createProfile(data: { bio: "x", home: { x: 1, y: 2 }, authorId: "${ada}" }) { profile { home } }
      e: deleteSubject(where: { name: "Math" }) { subject { name } errors { __typename } }
    }`)
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      a: { subject: { name: 'Math' }, errors: [] },
      b: { subject: null, errors: [{ code: 'UNIQUE', path: ['data', 'name'] }] },
      __typename: 'Mutation',
      c: { subject: { name: 'Music' }, errors: [] },
      d: { profile: { home: { x: 1, y: 2 } } },
      e: { subject: null, errors: [{ __typename: 'NotFoundError' }] },
    })
    expect(Object.keys(data)).toEqual(['a', 'b', '__typename', 'c', 'd', 'e'])
    expect(reasons).toHaveLength(3)
  })

  test('leaves nothing of what it had begun', async () => {
    const { payload } = await library.measure(
      `createBook(data: { title: "One", authorId: "${ada}", reviews: { create: [{ stars: 1 }, { stars: 9 }] } }) {
        book { title } errors { code path }
      }`,
    )
    expect(payload).toEqual({
      book: null,
      errors: [{ code: 'CHECK', path: ['data', 'reviews', 'create', '1', 'stars'] }],
    })
    expect(await library.countRows()).toBe(1)
  })
})

test('what Prisma fills in is filled in as by Prisma', async () => {
  const fields = 'due bytes big price ratio isOpen genre data tags genres numbers'
  const generated = 'id cuid2 ulid nano short random sorted made'
  const source = `createTicket(data: { note: "x" }) { ticket { ${fields} ${generated} } errors { message } }`
  const ordinary = await createLibrary(undefined, undefined, { reads: 'prisma' })
  try {
    const [{ ticket }, { ticket: expected }] = [await library.mutate(source), await ordinary.mutate(source)]
    expect(reasons).toEqual([])
    const literals = Object.fromEntries(fields.split(' ').map(name => [name, expected[name]]))
    expect(ticket).toMatchObject(literals)
    const shapes: Readonly<Record<string, RegExp>> = {
      id: /^c[a-z0-9]{24}$/,
      cuid2: /^[a-z][a-z0-9]{23}$/,
      ulid: /^[0-9A-HJKMNP-TV-Z]{26}$/,
      nano: /^[\w-]{21}$/,
      short: /^[\w-]{7}$/,
      random: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/,
      sorted: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/,
    }
    for (const [name, shape] of Object.entries(shapes)) {
      expect(ticket[name]).toMatch(shape)
      expect(expected[name]).toMatch(shape)
    }
    expect(Math.abs(Date.parse(ticket.made) - Date.now())).toBeLessThan(60_000)
  } finally {
    await ordinary.close()
  }
})

// the embedded database has one backend for all
if (await hasTestServer()) {
  test('a mutation whose COMMIT is lost is not done again', async () => {
    const own = await createLibrary('server', undefined, { reads: 'compiled' })
    try {
      await own.sql(`
        CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON "Subject" DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION hang_up()`)
      const { data, errors, statements } = await own.query(
        'mutation { createSubject(data: { name: "Math" }) { subject { name } } }',
      )
      expect(data).toBeNull()
      expect(errors).toHaveLength(1)
      expect(errors?.[0]).toMatchObject({
        path: ['createSubject'],
        message: 'The connection broke at the COMMIT',
      })
      expect(verbs(statements)).toEqual(['INSERT Subject'])
    } finally {
      await own.close()
    }
  })
}
