// An item is made, read, changed and removed.

import { check, group } from 'k6'
import http from 'k6/http'

export const options = { iterations: 2, thresholds: { checks: [{ threshold: 'rate==1', abortOnFail: true }] } }

const json = { headers: { 'Content-Type': 'application/json' } }

export default function () {
  const url = `${__ENV.BASE}/items`
  let id
  group('create', () => {
    const response = http.post(url, JSON.stringify({ name: `item ${__ITER}` }), json)
    check(response, { created: (r) => r.status === 201 })
    id = response.json('id')
  })
  group('read', () => {
    check(http.get(`${url}/${id}`, { tags: { name: '/items/:id' } }), {
      'has its name': (r) => r.json().name === `item ${__ITER}`,
    })
  })
  group('update', () => {
    check(http.put(`${url}/${id}`, JSON.stringify({ name: 'new' }), json), { updated: (r) => r.json('name') === 'new' })
    check(http.patch(`${url}/${id}`, JSON.stringify({ price: 5 }), json), {
      patched: (r) => r.json('price') === 5 && r.json('name') === 'new',
    })
  })
  group('delete', () => {
    check(http.del(`${url}/${id}`), { deleted: (r) => r.status === 204 })
    check(http.get(`${url}/${id}`), { 'is gone': (r) => r.status === 404 })
  })
}
