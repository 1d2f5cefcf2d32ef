import { registerTypeScript } from '../../lib/typescript/register.js'

registerTypeScript()
const { keepEmbedded } = await import('./keep-embedded.ts')
await keepEmbedded(process.argv.slice(2))
