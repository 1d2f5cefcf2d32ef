/** What the caller of a mutation can mend was found: the resolver says what. */
export class InputRefused extends Error {}

/** PostgreSQL, or the way to it, has failed a statement of a mutation: the resolver says what became of it. */
export class StatementRefused extends Error {}
