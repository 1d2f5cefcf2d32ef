/** When a fault shows. */
export const CIRCUMSTANCES = [
  'after the session has expired',
  'on slow connections',
  'with more than 1,000 rows',
  'in Safari',
  'in Firefox',
  'for people in two teams',
  'when a name has an umlaut',
  'right after midnight UTC',
  'after a rollback',
  'when two people save at once',
  'on the first start',
  'behind a proxy',
  'with an empty list',
  'during a deployment',
  'after a project was renamed',
  'when the clocks change',
  'for deactivated users',
  'on the last day of the month',
  'after the update to 4.2',
  'with 200 % zoom',
] as const

/** Whom a wish is for. */
export const AUDIENCES = [
  'for large customers',
  'for new users',
  'for administrators',
  'for guests',
  'for the free plan',
  'for the API',
  'for people on phones',
  'for auditors',
  'before the spring release',
  'for the enterprise plan',
] as const

/** Work that nobody outside sees. */
export const CHORES = [
  'Write tests for {part}',
  'Document {part}',
  'Remove the old {part}',
  'Measure {part}',
  'Simplify {part}',
  'Move {part} to the new stack',
  'Review the permissions of {part}',
  'Clean up the settings of {part}',
  'Agree on an owner for {part}',
  'Plan the next steps for {part}',
] as const

export const IMPACTS = [
  'Three customers reported it this week.',
  'We saw it in the logs; nobody has complained so far.',
  'It blocks the release.',
  'Support gets a question about this about once a day.',
  'It costs us roughly an hour a week.',
  'The workaround is to reload the page.',
  'It came up in the last two retrospectives.',
  'One large customer makes the renewal depend on it.',
  'It is not urgent, but it makes a bad first impression.',
  'We promised an answer by the end of the month.',
] as const

export const REASONS = [
  'People do this by hand today and make mistakes.',
  'Competitors have had it for years.',
  'It was the most frequent wish in the last survey.',
  'It would spare us a whole class of tickets.',
  'Without it, larger teams cannot move to us.',
  'It makes the next steps of the project much easier.',
] as const

export const CRITERIA = [
  'it works with the keyboard alone',
  'there is a test for it',
  'the documentation says how to use it',
  'existing data is migrated',
  'it is behind a feature flag at first',
  'it answers within 200 ms',
  'support knows about it',
  'it shows up in the audit log',
  'it works on phones',
  'errors say what to do next',
] as const

export const CUSTOMERS = [
  'Northwind Traders',
  'Acme Logistics',
  'Blue Heron Energy',
  'Cafe Fortuna',
  'Delta Robotics',
  'Ember & Oak',
  'Fjord Shipping',
  'Globex',
  'Harbour Clinic',
  'Initech',
  'Juniper School',
  'Kestrel Air',
] as const
