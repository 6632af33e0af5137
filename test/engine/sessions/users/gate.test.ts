import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localServer } from '../k6/local-server.ts'
import { runScript } from '../k6/run-script.ts'

/** Each arranges that `say('event')` is due while the user stands still in the blocking call that follows. */
const events: Record<string, string> = {
  'a timeout': `setTimeout(() => say('event'), 5)`,
  'an interval': `const id = setInterval(() => { clearInterval(id); say('event') }, 5)`,
  "an asyncRequest's answer": `http.asyncRequest('GET', url + '/slow/5').then(() => say('event'))`,
  'the opening of a WebSocket': `const socket = new WebSocket(wsUrl); socket.onopen = () => { say('event'); socket.close() }`,
}

const stands: Record<string, string> = {
  'a sleep': `sleep(0.1)`,
  'a request': `http.get(url + '/slow/100')`,
  'a sleep in a group': `group('g', () => sleep(0.1))`,
  'a session of k6/ws': `ws.connect(wsUrl, (session) => session.setTimeout(() => session.close(), 100))`,
  'a request in a handler of k6/ws': `ws.connect(wsUrl, (session) => session.on('open', () => { http.get(url + '/slow/100'); session.close() }))`,
}

for (const [event, arrange] of Object.entries(events)) {
  for (const [call, stand] of Object.entries(stands)) {
    test(`${event} waits until ${call} and the function around it are over`, async (t) => {
      const server = await localServer(t)
      const { said, errors } = await runScript(
        t,
        `import http from 'k6/http'
         import { group, sleep } from 'k6'
         import ws from 'k6/ws'
         import { WebSocket } from 'k6/websockets'
         const url = '${server.url}', wsUrl = '${server.wsUrl}'
         const say = (what) => console.log(what)
         export default function () { ${arrange}; ${stand}; say('stood still') }`,
      )
      assert.deepEqual([said, errors], [['stood still', 'event'], []])
    })
  }
}

/** The same among the handlers of one session of k6/ws, whose own events wait for the handler that stands still. */
const eventsOfSession: Record<string, string> = {
  'a message': `session.on('message', () => say('event')); session.send('x')`,
  'a pong': `session.on('pong', () => say('event')); session.ping()`,
  'a timeout of the session': `session.setTimeout(() => say('event'), 5)`,
}

for (const [event, arrange] of Object.entries(eventsOfSession)) {
  for (const stand of ['sleep(0.1)', "http.get(url + '/slow/100')"]) {
    test(`${event} of k6/ws waits until ${stand} and the handler around it are over`, async (t) => {
      const server = await localServer(t)
      const { said, errors } = await runScript(
        t,
        `import http from 'k6/http'
         import { sleep } from 'k6'
         import ws from 'k6/ws'
         const url = '${server.url}', wsUrl = '${server.wsUrl}'
         export default function () {
           ws.connect(wsUrl, (session) => {
             const say = (what) => { console.log(what); if (what === 'event') session.close() }
             session.on('open', () => { ${arrange}; ${stand}; say('stood still') })
           })
           console.log('over')
         }`,
      )
      assert.deepEqual([said, errors], [['stood still', 'event', 'over'], []])
    })
  }
}
