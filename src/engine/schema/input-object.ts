import type { InputFieldMap, InputObjectRef } from '@pothos/core'
import { type EngineTypes, once, type SchemaBuild } from './builder.ts'
import { type Offer, offered } from './offers.ts'

/** The value of an input object: GraphQL names, parsed values. */
export type FilterInput = Readonly<Record<string, unknown>>
export type InputRef = InputObjectRef<EngineTypes, FilterInput>

/** Makes one input field; Pothos's own builder of input fields. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<EngineTypes, 'InputObject'>

export interface InputObjectOptions {
  readonly description?: string
  readonly isOneOf?: boolean
  /** Who could fill in the whole of it; without one, whoever could fill in a part. */
  readonly offer?: Offer
  /** Called when the schema is put together, so that input types can refer to one another; `self` is the type. */
  readonly fields: (t: InputFields, self: InputRef) => InputFieldMap
}

/**
 * An input type whose fields are only known when it is built; made once for each name. Pothos derives an input's
 * TypeScript type from its fields, which there is nothing to derive from here, hence the casts.
 */
export function inputObject(build: SchemaBuild, typeName: string, options: InputObjectOptions): InputRef {
  return once(
    build,
    typeName,
    name => build.builder.inputRef<FilterInput>(name) as unknown as InputRef,
    ref =>
      build.builder.inputType(ref as never, {
        ...(options.description ? { description: options.description } : {}),
        ...(options.isOneOf ? { isOneOf: true } : {}),
        ...(options.offer ? { extensions: offered(options.offer) } : {}),
        fields: ((t: InputFields) => options.fields(t, ref)) as never,
      }),
  )
}
