// Responses can be listed, copied and written into; so can modules be listed.
import encoding from 'k6/encoding'
import http from 'k6/http'

export const options = { iterations: 1 }

const attempt = (f) => {
  try {
    return f()
  } catch (error) {
    return `threw ${error}`
  }
}

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

function list(name, r) {
  const seen = []
  for (const key in r) seen.push(key)
  console.log(name, seen.join(), Object.getOwnPropertyNames(r).join() === seen.join())
  console.log(
    name,
    Object.entries(r)
      .map(([key, value]) => `${key}:${kind(value)}`)
      .join(),
  )
  console.log(name, Object.keys(r.timings).join(), Object.keys(r.ocsp).join(), Object.keys(r.request || {}).join())
  console.log(name, 'body' in r, 'json' in r, 'nope' in r, r.hasOwnProperty('headers'), Object.hasOwn(r, 'nope'))
}

function copy(name, r) {
  const { status, ...rest } = r
  const assigned = Object.assign({}, r)
  const spread = { ...r, extra: 1 }
  console.log(name, status, Object.keys(rest).length, Object.keys(assigned).length, Object.keys(spread).length)
  console.log(name, spread.body, assigned.proto, rest.status_text, spread.error, rest.error_code)
  console.log(name, Object.keys(spread.headers).sort().join(), spread.request && spread.request.method)
  console.log(
    name,
    attempt(() => spread.json('title')),
    Object.keys(JSON.parse(JSON.stringify(assigned))).join(),
  )
  const { json } = r
  console.log(
    name,
    attempt(() => json('items.0.id')),
  )
}

function write(name, r) {
  r.body = '{"mine":1}'
  r.status = 299
  r.request = null
  r.headers.Own = 'yes'
  r.cookies = {}
  console.log(name, r.body, r.status, r.request, r.headers.Own, JSON.stringify({ ...r }.cookies), { ...r }.status)
  console.log(
    name,
    attempt(() => Object.assign(r, { error: 'e' }).error),
    Object.keys(r).length,
  )
  r.timings.duration = 5
  console.log(
    name,
    r.timings.duration,
    attempt(() => r.json('mine')),
  )
}

function refuse(name, r) {
  console.log(name, attempt(() => { r.nope = 1 })) // biome-ignore format: short
  console.log(name, attempt(() => { r.json = 1 })) // biome-ignore format: short
  console.log(name, attempt(() => { delete r.body })) // biome-ignore format: short
  console.log(
    name,
    attempt(() => Object.freeze(r)),
  )
}

export default async function () {
  const url = `${__ENV.BASE}/json`
  const all = {
    plain: http.get(url),
    failed: http.get('http://127.0.0.1:1/'),
    batch: http.batch([url])[0],
    async: await http.asyncRequest('GET', url),
  }
  for (const name in all) for (const act of [list, copy, write, refuse]) act(name, all[name])
  const refused = http.get('http://%zz')
  list('refused', refused)
  console.log(Object.keys(http).join())
  console.log(Object.keys(encoding).sort().join(), JSON.stringify(http))
}
