/** How a conversation begins. */
export const OPENINGS = [
  'I can reproduce this, also with a fresh account.',
  'Cannot reproduce it here. Which version was it?',
  'Thanks for the report! I will have a look this week.',
  'Is this the same as what we had in spring?',
  '{customer} asked about this again today.',
  'I think nobody meant {part} to do that, but it makes sense.',
  'Happened to me as well, twice since Monday.',
  'Let us talk about {part} in the planning on Thursday.',
  'Good idea. How would it work together with the rest of {part}?',
  'Raising this, since it affects {customer} too.',
] as const

/** How it goes on. */
export const REPLIES = [
  '@{handle} can you take this? You know {part} best.',
  'I found it: the cache is filled before the check runs.',
  'The draft is ready for review; feedback is welcome.',
  'Tests are green, but I want to try it on staging first.',
  'Agreed. Let us do the simple version now and the rest later.',
  '@{handle} what do you think?',
  'This depends on the change to {part} that is under way.',
  'I split the larger part off into an issue of its own.',
  'It is slower than I thought: 1.4 s for a large account.',
  'Logs attached. Look at the second request.',
  'Waiting for an answer from {customer}.',
  'I would rather not ship this on a Friday.',
  'Half of it is done; the migration is what is left.',
  'Only happens if the list was empty before.',
  'We have three options, written down in the description now.',
  'The design is final, see the attachment.',
  'Nice, that is much simpler than what I had in mind.',
  'Could we also cover guests here?',
  'I have put it behind a flag, off by default.',
  'Moved to the next cycle: nobody had the time.',
] as const

/** How it ends once the work is done. */
export const CLOSINGS = [
  'Released this morning. Thanks, everybody!',
  'Fixed and deployed. {customer} has confirmed it.',
  'Merged. I will watch the metrics until tomorrow.',
  'Done; the documentation is up to date as well.',
  'Works on staging and in production. Closing.',
] as const

/** How it ends when the work will not be done. */
export const REFUSALS = [
  'We decided against it: too much for too few people.',
  'Closing, since the work on {part} makes this obsolete.',
  'Nobody has seen this for months. Please open a new issue if it comes back.',
  'Works as intended; I have added a note to the help centre.',
] as const
