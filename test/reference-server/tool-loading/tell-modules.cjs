/** Loaded into a gateway before it starts: its own thread says at its end whether it has loaded the TypeScript compiler. */
const { isMainThread } = require('node:worker_threads')

const isCompiler = (file) => file.includes('/node_modules/typescript/')

if (isMainThread) {
  process.on('exit', () => {
    process.stdout.write(`compiler loaded: ${Object.keys(require.cache).some(isCompiler)}\n`)
  })
}
