/** The kinds of files that people attach, by extension; sizes in bytes. */
export const FILES = {
  png: {
    mimeType: 'image/png',
    names: ['screenshot', 'screen', 'before', 'after'],
    smallest: 40_000,
    largest: 4_000_000,
  },
  log: {
    mimeType: 'text/plain',
    names: ['server', 'console', 'network'],
    smallest: 800,
    largest: 90_000_000,
  },
  csv: { mimeType: 'text/csv', names: ['export', 'sample', 'rows'], smallest: 200, largest: 25_000_000 },
  pdf: {
    mimeType: 'application/pdf',
    names: ['invoice', 'design', 'report'],
    smallest: 30_000,
    largest: 9_000_000,
  },
  mp4: {
    mimeType: 'video/mp4',
    names: ['recording', 'session'],
    smallest: 3_000_000,
    largest: 7_000_000_000,
  },
  dmp: {
    mimeType: 'application/octet-stream',
    names: ['memory', 'heap', 'core'],
    smallest: 500_000_000,
    largest: 68_000_000_000,
  },
} as const
