import { describe, expect, test } from 'vitest'
import { createDatamodel } from '../../../src/engine/datamodel/create-datamodel.ts'
import { StartError } from '../../../src/errors.ts'
import { column, describeModels, model, relation } from './description.ts'

describe('the datamodel', () => {
  test('names types, root fields and columns as GraphQL does', () => {
    const [line] = createDatamodel(describeModels([model('invoice_line', [column('unit_price')])])).models
    expect(line).toMatchObject({
      typeName: 'InvoiceLine',
      singular: 'invoiceLine',
      plural: 'invoiceLines',
      delegate: 'invoice_line',
    })
    expect(line?.scalars.map(field => field.graphqlName)).toEqual(['id', 'unitPrice'])
  })

  test('gives both ends of a relation their columns', () => {
    const datamodel = createDatamodel(
      describeModels([
        model('Post', [
          column('author_id', { type: 'Int' }),
          relation('author', 'User', { from: ['author_id'], to: ['id'] }),
        ]),
        model('User', [relation('posts', 'Post', { isList: true })]),
      ]),
    )
    expect(datamodel.model('Post').relations[0]).toMatchObject({
      target: 'User',
      ownsKey: true,
      isManyToMany: false,
      from: ['author_id'],
      to: ['id'],
      inverse: 'posts',
    })
    expect(datamodel.model('User').relations[0]).toMatchObject({
      target: 'Post',
      ownsKey: false,
      from: ['id'],
      to: ['author_id'],
      inverse: 'author',
    })
    expect(datamodel.model('Post').scalars.find(field => field.name === 'author_id')?.isForeignKey).toBe(true)
  })

  test('tells two relations between the same models apart, and a self relation from itself', () => {
    const datamodel = createDatamodel(
      describeModels([
        model('User', [
          relation('written', 'Post', { isList: true, relationName: 'author' }),
          relation('edited', 'Post', { isList: true, relationName: 'editor' }),
          relation('boss', 'User', {
            relationName: 'tree',
            from: ['boss_id'],
            to: ['id'],
            isRequired: false,
          }),
          relation('staff', 'User', { relationName: 'tree', isList: true }),
          column('boss_id', { type: 'Int', isRequired: false }),
        ]),
        model('Post', [
          column('author_id', { type: 'Int' }),
          column('editor_id', { type: 'Int' }),
          relation('author', 'User', { relationName: 'author', from: ['author_id'], to: ['id'] }),
          relation('editor', 'User', { relationName: 'editor', from: ['editor_id'], to: ['id'] }),
        ]),
      ]),
    )
    const inverses = datamodel.models.flatMap(({ relations }) =>
      relations.map(({ name, inverse }) => [name, inverse]),
    )
    expect(inverses).toEqual([
      ['written', 'author'],
      ['edited', 'editor'],
      ['boss', 'staff'],
      ['staff', 'boss'],
      ['author', 'written'],
      ['editor', 'edited'],
    ])
  })

  test('a many-to-many relation goes by the two keys', () => {
    const datamodel = createDatamodel(
      describeModels([
        model('Post', [relation('tags', 'Tag', { isList: true })]),
        model('Tag', [relation('posts', 'Post', { isList: true })]),
      ]),
    )
    expect(datamodel.model('Post').relations[0]).toMatchObject({
      isManyToMany: true,
      from: ['id'],
      to: ['id'],
    })
  })

  test('a list relation in the singular, as db pull writes it, is served in the plural', () => {
    const make = (...more: Parameters<typeof model>[1][]) =>
      createDatamodel(
        describeModels([
          model('artist', [relation('album', 'album', { isList: true }), ...(more[0] ?? [])]),
          model('album', [
            column('artist_id', { type: 'Int' }),
            relation('artist', 'artist', { from: ['artist_id'], to: ['id'] }),
          ]),
        ]),
      ).model('artist')
    expect(make().relations[0]?.graphqlName).toBe('albums')
    // unless there is a column of that name
    expect(make([column('albums')]).relations[0]?.graphqlName).toBe('album')
  })

  test('the primary key is the id, else the first unique key of required columns', () => {
    const keys = {
      primaryKey: null,
      uniqueKeys: [
        { name: null, fields: ['a'] },
        { name: 'both', fields: ['b', 'c'] },
      ],
    }
    const fields = [column('a', { isRequired: false }), column('b'), column('c')]
    const [made] = createDatamodel(describeModels([model('Thing', fields, keys)])).models
    expect(made?.primaryKey).toEqual({ name: 'both', graphqlName: 'both', fields: ['b', 'c'] })
    expect(made?.uniqueKeys.map(key => key.name)).toEqual(['both', 'a'])
  })

  test.each([
    [
      'a number named version',
      [column('version', { type: 'Int' }), column('at', { type: 'DateTime', isUpdatedAt: true })],
      'version',
    ],
    [
      'a text named version',
      [column('version'), column('at', { type: 'DateTime', isUpdatedAt: true })],
      'at',
    ],
    ['nothing', [column('title')], undefined],
  ])('the version is told by %s', (_, fields, expected) => {
    expect(createDatamodel(describeModels([model('Thing', fields)])).models[0]?.versionField?.name).toBe(
      expected,
    )
  })

  test.each([
    ['String', null, 'String'],
    ['String', 'Uuid', 'UUID'],
    ['DateTime', null, 'DateTime'],
    ['DateTime', 'Timestamptz', 'DateTime'],
    ['DateTime', 'Date', 'Date'],
    ['DateTime', 'Timetz', 'Time'],
    ['Json', null, 'JSON'],
    ['BigInt', null, 'BigInt'],
    ['Decimal', 'Money', 'Decimal'],
  ])('%s @db.%s is served as %s', (type, native, expected) => {
    const nativeType = native === null ? null : { name: native, args: [] }
    const [made] = createDatamodel(
      describeModels([model('Thing', [column('field', { type, nativeType })])]),
    ).models
    expect(made?.scalars[1]?.graphqlType).toBe(expected)
  })

  test('a text that is an id is served as ID', () => {
    const id = column('code', { isId: true })
    const [made] = createDatamodel(
      describeModels([{ ...model('Thing'), fields: [id], primaryKey: { name: null, fields: ['code'] } }]),
    ).models
    expect(made?.scalars[0]?.graphqlType).toBe('ID')
  })

  const collisions: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'two models of one type',
      () => [model('user_group'), model('UserGroup')],
      /user_group and UserGroup .*"UserGroup"/,
    ],
    [
      'two models of one root field',
      () => [model('News'), model('newsList')],
      /News and newsList .*"newsList"/,
    ],
    ["a model and another's plural", () => [model('User'), model('Users')], /User and Users .*"users"/],
    [
      'two fields of one name',
      () => [model('User', [column('first_name'), column('firstName')])],
      /User\.first_name and User\.firstName/,
    ],
  ]

  test.each(collisions)('%s are refused with both names', (_, models, message) => {
    const make = () => createDatamodel(describeModels(models() as never))
    expect(make).toThrow(StartError)
    expect(make).toThrow(message)
  })

  test('a model and an enum of one type are refused', () => {
    const make = () =>
      createDatamodel(
        describeModels(
          [model('Kind')],
          [{ name: 'kind', databaseName: 'kind', databaseSchema: null, documentation: null, values: [] }],
        ),
      )
    expect(make).toThrow(/Kind and kind .*"Kind"/)
  })

  test('a model with the name of a type of the API is served under another', () => {
    const datamodel = createDatamodel(describeModels([model('Node'), model('query'), model('DateTime')]))
    expect(datamodel.models.map(({ typeName, singular, plural }) => [typeName, singular, plural])).toEqual([
      ['NodeModel', 'nodeModel', 'nodeModels'],
      ['QueryModel', 'queryModel', 'queryModels'],
      ['DateTimeModel', 'dateTimeModel', 'dateTimeModels'],
    ])
  })

  test('enum values that GraphQL keeps for itself get a name of their own', () => {
    const values = ['true', 'null', 'yes'].map(name => ({ name, column: name }))
    const [made] = createDatamodel(
      describeModels(
        [],
        [{ name: 'answer', databaseName: 'answer', databaseSchema: null, documentation: null, values }],
      ),
    ).enums
    expect(made?.values.map(value => value.graphqlName)).toEqual(['true_', 'null_', 'yes'])
  })

  describe('full-text search', () => {
    const vector = (documentation: string | null) =>
      model(
        'Issue',
        [
          column('title'),
          column('body_text'),
          column('words', { kind: 'unsupported', type: 'tsvector', isRequired: false, documentation }),
        ],
        { indexedForSearch: ['words'] },
      )

    test('reads the annotation', () => {
      const [made] = createDatamodel(
        describeModels([vector('The words.\n@search(title: a, body_text: B, language: german)')]),
      ).models
      expect(made?.searchVectors).toMatchObject([
        {
          sources: [
            { graphqlName: 'title', weight: 'A' },
            { graphqlName: 'bodyText', weight: 'B' },
          ],
          language: 'german',
        },
      ])
      expect(made?.unsupported[0]?.documentation).toBe('The words.')
    })

    test('needs an index', () => {
      const [made] = createDatamodel(describeModels([{ ...vector(null), indexedForSearch: [] }])).models
      expect(made?.searchVectors).toEqual([])
    })

    test.each([
      ['@search(titel: A)', /names the field "titel"/],
      ['@search(title: E)', /gives title the weight "E"/],
      ["@search(title: A, language: ';drop)", /has the language/],
    ])('refuses %s', (documentation, message) => {
      expect(() => createDatamodel(describeModels([vector(documentation)]))).toThrow(message)
    })
  })

  test('says what cannot be served, and why', () => {
    const { notices } = createDatamodel(
      describeModels([
        { ...model('summary'), isView: true, primaryKey: null },
        model('shape', [column('outline', { kind: 'unsupported', type: 'polygon' })]),
        model('place', [column('at', { kind: 'unsupported', type: 'point', isRequired: false })]),
      ]),
    )
    expect(notices.map(({ subject, reason }) => `${subject} ${reason}`)).toEqual([
      expect.stringMatching(/^summary has no unique key of required columns/),
      expect.stringMatching(/^shape\.outline is of the type polygon, which Prisma cannot read/),
      expect.stringMatching(/^shape cannot be created: outline is required/),
    ])
  })
})
