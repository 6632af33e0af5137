// A job is started and asked for until it is done, within limits.

import { check, sleep } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'

const polls = new Counter('polls')

export const options = { thresholds: { polls: ['count==4'] } }

export default function () {
  const started = http.post(`${__ENV.BASE}/items`, JSON.stringify({ state: 'new' }), {
    headers: { 'Content-Type': 'application/json' },
  })
  const url = `${__ENV.BASE}${started.headers.Location}`
  let state = 'new'
  for (let tries = 0; tries < 10 && state !== 'done'; tries++) {
    state = http.get(url, { tags: { name: 'poll' } }).json('state')
    polls.add(1)
    if (tries === 2) http.patch(url, JSON.stringify({ state: 'done' }))
    sleep(0.02)
  }
  check(state, { 'is done': (value) => value === 'done' })
}
