/** Loaded into a gateway before it starts: on SIGUSR2 it says what is in use after everything unused was collected. */
const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  process.on('SIGUSR2', () => {
    globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    process.stderr.write(`in use: ${heapUsed + external} bytes\n`)
  })
}
