import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { prepareSchema } from '../../src/project/index.ts'

function prepare(text: string) {
  const prepared = prepareSchema([{ path: 'schema.prisma', label: 'prisma/schema.prisma', text }])
  return { text: prepared.files[0]?.text ?? '', previewFeatures: prepared.previewFeatures }
}

/** The lines that are left, trimmed. */
function lines(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap(line => (line.trim() ? [line.trim()] : []))
}

describe('prepareSchema', () => {
  it('keeps the datasource and takes its addresses away', () => {
    const { text } = prepare(`datasource db {
  provider          = "postgresql"
  url               = env("DATABASE_URL")
  directUrl         = env("DIRECT_URL")
  shadowDatabaseUrl = "postgresql://localhost/shadow"
  relationMode      = "prisma"
  schemas           = ["public", "billing"]
}
`)
    expect(lines(text)).toEqual([
      'datasource db {',
      'provider          = "postgresql"',
      'relationMode      = "prisma"',
      'schemas           = ["public", "billing"]',
      '}',
    ])
  })

  it('removes every generator and keeps the number of each other line', () => {
    const source = `generator client {
  provider = "prisma-client-js"
  binaryTargets = [
    "native",
    "debian-openssl-3.0.x",
  ]
}

datasource db {
  provider = "postgresql"
  url      = env(
    "DATABASE_URL"
  )
}

generator zod { // with { a brace
  provider = "zod-prisma"
}
model A {
  id Int @id
}
`
    const { text } = prepare(source)
    expect(text).not.toMatch(/generator|native|zod|DATABASE_URL/)
    expect(text.split('\n')).toHaveLength(source.split('\n').length)
    expect(text.split('\n').indexOf('model A {')).toBe(source.split('\n').indexOf('model A {'))
  })

  it('is not misled by comments, strings, and braces in them', () => {
    const { text } = prepare(`// generator old { provider = "x" }
/// datasource no { url = "y" }
/* generator more {
 */
datasource db {
  provider = "postgresql" // url = "commented"
  url      = "postgresql://u:p}{@localhost/db" // } the end?
}
model A {
  id   Int    @id
  /// A brace: }
  text String @default("generator x { url = 1 }")
  url  String
}
`)
    expect(text).toContain('// generator old { provider = "x" }')
    expect(text).toContain('@default("generator x { url = 1 }")')
    expect(text).toContain('  url  String\n}')
    expect(text).not.toContain('localhost')
    expect(text).toContain('// url = "commented"')
  })

  it('reads braces and equal signs on odd places', () => {
    const { text } = prepare(`datasource   db{
provider="postgresql"
url=env("X")
}
generator a
{
  provider = "x"
}
model A{
id Int @id
}`)
    expect(lines(text)).toEqual([
      'datasource   db{',
      'provider="postgresql"',
      '}',
      'model A{',
      'id Int @id',
      '}',
    ])
  })

  it('keeps the line ends of Windows and drops its byte order mark', () => {
    const { text } = prepare(
      '\uFEFFdatasource db {\r\n  provider = "postgresql"\r\n  url = env("X")\r\n}\r\n\r\ngenerator c {\r\n  provider = "x"\r\n}\r\n',
    )
    expect(text).toBe('datasource db {\r\n  provider = "postgresql"\r\n  \r\n}\r\n\r\n\r\n\r\n\r\n')
  })

  it('keeps the preview features that this Prisma still knows', () => {
    const { previewFeatures } = prepare(`datasource db {
  provider   = "postgres"
  extensions = [citext, pg_trgm(map: "pg_trgm")]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = [
    "views", // "nativeDistinct",
    "fullTextSearch", "multiSchema", "driverAdapters", "strictUndefinedChecks", "metrics", "tracing",
    "partialIndexes",
  ]
}
`)
    expect(previewFeatures).toEqual(['partialIndexes', 'postgresqlExtensions', 'relationJoins', 'views'])
  })

  it('adds the preview feature that a view needs', () => {
    expect(
      prepare('datasource db {\n provider = "postgresql"\n}\nview V {\n id Int @unique\n}').previewFeatures,
    ).toEqual(['relationJoins', 'views'])
  })

  it.each(['mysql', 'sqlite', 'sqlserver', 'mongodb', 'cockroachdb'])('refuses the provider %s', provider => {
    const refused = () => prepare(`\n\ndatasource db {\n  provider = "${provider}"\n}`)
    expect(refused).toThrow(StartError)
    expect(refused).toThrow(
      `prisma/schema.prisma:4: the datasource's provider is "${provider}", but Refract serves PostgreSQL only.`,
    )
  })

  it('refuses a provider from the environment', () => {
    expect(() => prepare('datasource db {\n  provider = env("PROVIDER")\n}')).toThrow(
      'provider is env("PROVIDER")',
    )
  })

  it('refuses a schema without a datasource', () => {
    expect(() => prepare('model A {\n  id Int @id\n}')).toThrow('prisma/schema.prisma has no datasource.')
  })

  it('takes a schema in several files', () => {
    const { files, previewFeatures } = prepareSchema([
      {
        path: 'main.prisma',
        label: 'prisma/main.prisma',
        text: 'datasource db {\n  provider = "postgresql"\n  url = "x"\n}',
      },
      { path: 'models/a.prisma', label: 'prisma/models/a.prisma', text: 'view A {\n  id Int @unique\n}' },
    ])
    expect(files.map(({ path }) => path)).toEqual(['main.prisma', 'models/a.prisma'])
    expect(previewFeatures).toContain('views')
  })
})
