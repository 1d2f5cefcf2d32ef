import { register } from 'tsx/esm/api'

register()
const { keepEmbedded } = await import('./keep-embedded.ts')
await keepEmbedded(process.argv.slice(2))
