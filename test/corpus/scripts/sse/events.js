// k6/x/sse: events of a stream. Stock k6 needs an extension for it.
// k6: no
import { check } from 'k6'
import { Counter } from 'k6/metrics'
import sse from 'k6/x/sse'

const events = new Counter('events')

export const options = { thresholds: { events: ['count==3'], checks: ['rate==1'] } }

export default function () {
  const response = sse.open(`${__ENV.BASE}/sse/3`, { headers: { 'X-A': '1' }, tags: { kind: 'stream' } }, (client) => {
    client.on('event', (event) => {
      events.add(1)
      check(event, {
        'has its number': ({ id, name, data }) => name === 'tick' && JSON.parse(data).number === Number(id),
      })
      if (event.id === '3') client.close()
    })
  })
  check(response, { 'status is 200': (r) => r && r.status === 200 })
}
