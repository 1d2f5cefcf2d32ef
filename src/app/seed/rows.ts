import type { Prisma } from '../../../.refract/generated/client/client.ts'

type Known<Input, Given> = Readonly<Omit<Input, keyof Given> & Given>
interface Made {
  id: string
  createdAt: Date
}

export type UserRow = Known<Prisma.UserCreateManyInput, Made & { isActive: boolean }>
export type AccountRow = Known<Prisma.AccountCreateManyInput, Made & { userId: string }>
export type ProfileRow = Known<Prisma.ProfileCreateManyInput, { id: string; userId: string }>
export type TeamRow = Known<Prisma.TeamCreateManyInput, Made>
export type MembershipRow = Known<Prisma.MembershipCreateManyInput, { joinedAt: Date }>
export type LabelRow = Known<Prisma.LabelCreateManyInput, { id: string }>
export type ProjectRow = Known<Prisma.ProjectCreateManyInput, Made & { startDate: Date; targetDate: Date }>
export type IssueRow = Known<
  Prisma.IssueCreateManyInput,
  Made & {
    number: number
    status: NonNullable<Prisma.IssueCreateManyInput['status']>
    assigneeId: string | null
    parentId: string | null
    closedAt: Date | null
  }
>
export type CommentRow = Known<Prisma.CommentCreateManyInput, Made>
export type AttachmentRow = Known<Prisma.AttachmentCreateManyInput, Made & { size: bigint }>
export type IssueRelationRow = Known<Prisma.IssueRelationCreateManyInput, Made>

/** Where a profile's owner works; apart from the profile, since Prisma cannot write a `point`. */
export interface LocationRow {
  readonly profileId: string
  readonly x: number
  readonly y: number
}

/** That an issue has a label: a row of the many-to-many relation's table. */
export interface IssueLabelRow {
  readonly issueId: string
  readonly labelId: string
}

/** All rows of the example, in an order in which they can be inserted. */
export interface SeedRows {
  readonly users: readonly UserRow[]
  readonly accounts: readonly AccountRow[]
  readonly profiles: readonly ProfileRow[]
  readonly locations: readonly LocationRow[]
  readonly teams: readonly TeamRow[]
  readonly memberships: readonly MembershipRow[]
  readonly labels: readonly LabelRow[]
  readonly projects: readonly ProjectRow[]
  readonly issues: readonly IssueRow[]
  readonly issueLabels: readonly IssueLabelRow[]
  readonly issueRelations: readonly IssueRelationRow[]
  readonly comments: readonly CommentRow[]
  readonly attachments: readonly AttachmentRow[]
}
