/**
 * Preloaded into the Node processes of a target that is profiled (`NODE_OPTIONS=--import=...`): each thread waits at the
 * Unix socket named in WEIR_PROFILE_SOCKET to be told when to sample its stack, by V8's own profiler. Lines of JSON:
 *
 *   thread:  {"hello":{"thread":0}}
 *   harness: {"start":{"file":"/.../001-main.cpuprofile","intervalUs":1000}}        {"stop":true}
 *   thread:  {"written":true}        {"problem":"..."}
 *
 * Plain JavaScript without dependencies, for whatever Node (20 or later) the target has. A thread that ends while it is
 * sampled writes what it has. Nothing is kept alive, and nothing is done without a receiver.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { connect } from 'node:net'
import { threadId } from 'node:worker_threads'

if (process.env.WEIR_PROFILE_SOCKET) {
  try {
    listen(process.env.WEIR_PROFILE_SOCKET)
  } catch {
    // A target must run without its profiler rather than not at all: that nobody said hello is told by the harness.
  }
}

function listen(socketPath) {
  let running = null
  const socket = connect(socketPath)
  const send = (message) => socket.writable && socket.write(`${JSON.stringify(message)}\n`)
  const stop = () => {
    const { session, file } = running ?? {}
    running = null
    if (session) take(session, file, send)
  }
  const told = ({ start, stop: isOver }) => {
    if (start) running = { session: begin(start, send), file: start.file }
    if (isOver) stop()
  }
  process.on('exit', stop)
  socket.on('error', () => {})
  socket.setEncoding('utf8')
  onLines(socket, (line) => told(JSON.parse(line)))
  socket.unref()
  send({ hello: { thread: threadId } })
}

function onLines(socket, take) {
  let rest = ''
  socket.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) take(line)
  })
}

/** Answers of a session of the thread's own come before `post` returns. */
function begin({ intervalUs }, send) {
  const session = new Session()
  const post = (method, params) =>
    session.post(method, params, (error) => error && send({ problem: `${method}: ${error.message}` }))
  session.connect()
  post('Profiler.enable')
  post('Profiler.setSamplingInterval', { interval: intervalUs })
  post('Profiler.start')
  return session
}

function take(session, file, send) {
  session.post('Profiler.stop', (error, result) => {
    try {
      if (error) throw error
      // A process may be killed at any moment: what is there under its own name is whole.
      writeFileSync(`${file}.part`, JSON.stringify(result.profile))
      renameSync(`${file}.part`, file)
      send({ written: true })
    } catch ({ message }) {
      send({ problem: message })
    }
  })
  session.disconnect()
}
