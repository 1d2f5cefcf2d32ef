import type { NestedContext, StepOf } from './nested-context.ts'

/** Creates rows at the other end and links them. */
export async function createNested(
  { scope, link }: NestedContext,
  { rows }: Pick<StepOf<'create'>, 'rows'>,
): Promise<void> {
  for (const plan of rows.slice(0, 1)) await link.makeRoom(plan.path)
  const created = await scope.writers.createRows(
    scope,
    rows.map(plan => ({ plan, preset: link.preset })),
  )
  await link.adopt(created.map((row, index) => ({ row, path: rows[index]?.path ?? [] })))
}
