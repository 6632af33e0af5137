// A script in TypeScript, with types of its own.
import { check } from 'k6'
import http, { type Response } from 'k6/http'
import type { Options } from 'k6/options'

interface Item {
  id: number
  name: string
}

export const options: Options = { iterations: 2 }

const create = (name: string): Item =>
  http
    .post(`${__ENV.BASE}/items`, JSON.stringify({ name }), { headers: { 'Content-Type': 'application/json' } })
    .json() as unknown as Item

export default function (): void {
  const item = create(`item ${__ITER}`)
  const response: Response = http.get(`${__ENV.BASE}/items/${item.id}`)
  check(response, { 'is the item': (r) => (r.json('name') as string) === `item ${__ITER}` })
}
