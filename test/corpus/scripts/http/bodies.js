// What becomes of each kind of body: text, JSON, a form object, bytes, unicode.
import http from 'k6/http'

export default function () {
  const url = `${__ENV.BASE}/echo`
  http.post(url, JSON.stringify({ name: 'Ada', list: [1, 2] }), { headers: { 'Content-Type': 'application/json' } })
  http.post(url, { user: 'ada', note: 'a b&c=d', ü: 'ö', number: 1, flag: true })
  http.post(url, { one: 'thing' }, { headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' } })
  http.post(url, new Uint8Array([0, 1, 2, 255]).buffer)
  http.post(url, 'grüße 🎉')
  http.post(url, '')
  http.put(url, { list: ['a', 'b'] })
  http.post(url, new Uint8Array([65, 66]))
}
