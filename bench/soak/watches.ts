import type { Credentials, World } from './world.ts'

/** What decides about a row of issues or teams; of a team only `id`. */
export interface RowState {
  readonly teamId: string
  readonly status: string
  readonly priority: string
}

export type ChangeType = 'CREATED' | 'UPDATED' | 'DELETED' | 'ENTERED' | 'LEFT'

/** What a subscriber subscribes to, and what of the history she is to get by that. */
export interface Watch {
  readonly name: string
  readonly table: 'issues' | 'teams'
  readonly credentials: Credentials
  /** The arguments besides `after`, as GraphQL. */
  readonly filter: string
  readonly types: readonly ChangeType[] | undefined
  isVisible(row: RowState): boolean
  isWanted(row: RowState): boolean
}

type Filter = Pick<Watch, 'filter' | 'isWanted'> & { readonly name: string }

const filters: readonly Filter[] = [
  { name: 'all', filter: '', isWanted: () => true },
  {
    name: 'open',
    filter: 'where: { status: { in: [TODO, IN_PROGRESS] } }',
    isWanted: ({ status }) => status === 'TODO' || status === 'IN_PROGRESS',
  },
  {
    name: 'urgent, or not done',
    filter: 'where: { OR: [{ priority: { equals: URGENT } }, { NOT: { status: { equals: DONE } } }] }',
    isWanted: ({ status, priority }) => priority === 'URGENT' || status !== 'DONE',
  },
]

/** Twenty: administrators and members, whose policies are decided in JavaScript or by SQL; filters and types of all kinds. */
export function createWatches({ teams, members, administrator }: World): readonly Watch[] {
  const [all, open, urgent] = filters as [Filter, Filter, Filter]
  const ofTeam: Filter = {
    name: 'one team',
    filter: `where: { team: { is: { id: { equals: "${teams[0]}" } } } }`,
    isWanted: ({ teamId }) => teamId === teams[0],
  }
  const everyone = (table: Watch['table'], { name, ...filter }: Filter, types?: Watch['types']): Watch => ({
    ...{ ...filter, table, types, credentials: administrator },
    name: `administrator, ${table}, ${describe(name, types)}`,
    isVisible: () => true,
  })
  const member = (
    number: number,
    table: Watch['table'],
    { name, ...filter }: Filter,
    types?: Watch['types'],
  ) => {
    const { credentials, teams: own } = members[number] as World['members'][number]
    return {
      ...{ ...filter, table, types, credentials },
      name: `member ${number + 1}, ${table}, ${describe(name, types)}`,
      isVisible: ({ teamId }: RowState) => own.has(teamId),
    }
  }
  const moves = ['ENTERED', 'LEFT'] as const
  return [
    ...[all, open, urgent, ofTeam].map(filter => everyone('issues', filter)),
    everyone('issues', all, ['CREATED', 'DELETED']),
    everyone('issues', open, moves),
    everyone('teams', all),
    ...[0, 1, 2, 3].map(number => member(number, 'issues', all)),
    ...[0, 1, 2].map(number => member(number, 'issues', open)),
    member(3, 'issues', urgent),
    member(0, 'issues', ofTeam),
    member(1, 'issues', all, moves),
    member(2, 'issues', all, ['UPDATED']),
    ...[0, 1].map(number => member(number, 'teams', all)),
  ]
}

function describe(name: string, types: Watch['types']): string {
  return types ? `${name}, ${types.join(' and ')}` : name
}
