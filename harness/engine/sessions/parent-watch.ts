/**
 * A thread of the generator that ends the process when its parent is gone, even while a script holds up the main
 * thread's event loop.
 */
const parent = process.ppid

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 1000)
