// Loaded into the gateway before its own code, with --expose-gc: tells the benchmark what is in use when garbage is collected.
process.on('message', () => {
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send({ inUse: heapUsed + external, resident: rss })
})
process.channel?.unref()
