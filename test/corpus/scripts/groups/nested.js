// Groups in groups: tags, durations, checks by path, and what group returns.
import { check, group } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'

const seen = new Counter('seen')

export const options = {
  thresholds: { 'group_duration{group:::shop}': ['max<60000'], 'http_reqs{group:::shop::cart}': ['count==1'] },
}

export default function () {
  const got = group('shop', () => {
    http.get(`${__ENV.BASE}/text/shop`)
    check(1, { 'in shop': () => true })
    group('cart', () => {
      http.get(`${__ENV.BASE}/text/cart`)
      check(1, { 'in cart': () => false })
      seen.add(1)
    })
    return 'got'
  })
  group('shop', () => check(1, { 'in shop': () => true }))
  group('empty', () => {})
  console.log(got)
}
