import { fileURLToPath } from 'node:url'

const place = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where things are. */
export const places = {
  root: place('../..'),
  compare: place('.'),
  /** Bundles of the contenders that are written here: inside the repository, so that they find its packages. */
  builds: place('.build/'),
  peers: place('../peers/'),
  results: place('../results/'),
  readme: place('../../README.md'),
  chinook: place('../../../shared/chinook/chinook.sql'),
} as const
