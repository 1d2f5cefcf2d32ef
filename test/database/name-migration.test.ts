import { expect, it } from 'vitest'
import { nameMigration } from '../../src/database/migrations/name-migration.ts'

const table = (name: string) => `-- CreateTable\nCREATE TABLE "${name}" (\n    "id" INTEGER NOT NULL\n);\n`

it.each([
  ['create_issue_label', table('IssueLabel')],
  ['create_user_and_create_team', `${table('user')}\n${table('Team')}`],
  ['create_a_and_more', `${table('A')}\n${table('B')}\n${table('C')}`],
  ['add_issue_due_date', '-- AlterTable\nALTER TABLE "Issue" ADD COLUMN     "dueDate" TIMESTAMP(3);\n'],
  [
    'add_issue_a_and_drop_issue_b',
    'ALTER TABLE "public"."Issue" DROP COLUMN "b",\nADD COLUMN     "a" INTEGER;\n\nCREATE INDEX "x" ON "Issue"("a");\n',
  ],
  ['change_issue_title', 'ALTER TABLE "Issue" ALTER COLUMN "title" SET NOT NULL;\n'],
  ['add_status_in_review', `ALTER TYPE "Status" ADD VALUE 'IN_REVIEW';\n`],
  ['drop_issue', 'DROP TABLE "Issue";\n'],
  ['add_user_email_key', 'CREATE UNIQUE INDEX "User_email_key" ON "User"("email");\n'],
  ['change_database', 'COMMENT ON TABLE "User" IS $$people$$;\n'],
])('%s', (name, sql) => {
  expect(nameMigration(sql)).toBe(name)
})

it('calls the first of all init, unless it makes one table only', () => {
  expect(nameMigration(`${table('A')}\n${table('B')}`, { isFirst: true })).toBe('init')
  expect(nameMigration(table('A'), { isFirst: true })).toBe('create_a')
})
