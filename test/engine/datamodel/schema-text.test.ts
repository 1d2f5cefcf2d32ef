import { describe, expect, test } from 'vitest'
import { readSchemaText } from '../../../src/engine/datamodel/schema-text.ts'

describe('what only the text of a schema says', () => {
  test('views', () => {
    const { views } = readSchemaText('model A {\n  id Int @id\n}\nview B {\n  id Int\n}\n  // view C {\n')
    expect([...views]).toEqual(['B'])
  })

  test('the PostgreSQL schemas of enums', () => {
    const { enumSchemas } = readSchemaText(
      'enum A {\n  a\n  @@map("x")\n  @@schema("one")\n}\nmodel B {\n  id Int @id\n  @@schema("two")\n}\nenum C {\n  c\n}\n',
    )
    expect([...enumSchemas]).toEqual([['A', 'one']])
  })

  test('columns of unsupported types, with their names, defaults and comments', () => {
    const { unsupported } = readSchemaText(
      [
        'model Place {',
        '  id Int @id',
        '  /// Where it is.',
        '  /// In degrees.',
        '  at   Unsupported("point")?   @map("at_point")',
        '  area Unsupported("Polygon") /// How large.',
        '  tags Unsupported("hstore")[]',
        '  words Unsupported("tsvector")? @default(dbgenerated("to_tsvector(\'\')")) @map(name: "words_vector")',
        '  old  Unsupported("box") @ignore',
        '  // gone Unsupported("line")',
        '}',
      ].join('\r\n'),
    )
    expect(unsupported.get('Place')).toEqual([
      {
        name: 'at',
        column: 'at_point',
        databaseType: 'point',
        documentation: 'Where it is.\nIn degrees.',
        isRequired: false,
        isList: false,
        hasDefault: false,
      },
      expect.objectContaining({
        name: 'area',
        databaseType: 'polygon',
        documentation: 'How large.',
        isRequired: true,
      }),
      expect.objectContaining({ name: 'tags', isList: true }),
      expect.objectContaining({
        name: 'words',
        column: 'words_vector',
        hasDefault: true,
        documentation: null,
      }),
    ])
  })
})
