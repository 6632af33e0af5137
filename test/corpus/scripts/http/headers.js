// Order and case of headers as sent; several values, Host, cookies and credentials of the url.
import http from 'k6/http'

export default function () {
  http.get(`${__ENV.BASE}/echo`, {
    headers: {
      'x-lower': 'a',
      'X-UPPER': 'b',
      Authorization: 'Bearer t',
      'User-Agent': 'own/1',
      Accept: '*/*',
      'Accept-Language': 'de',
      Zebra: 'last',
      number: 5,
    },
  })
  http.get(`${__ENV.BASE}/echo`, { headers: { Host: 'shop.example' } })
  http.get(`${__ENV.BASE}/echo`, { headers: { 'Content-Length': '5', Connection: 'keep-alive' } })
  http.get(__ENV.BASE.replace('//', '//ada:pass%20word@') + '/basic-auth/ada/pass%20word')
  const several = http.get(`${__ENV.BASE}/headers?x-a=1&x-a=2&X-b=3&etag=q`)
  console.log(JSON.stringify([several.headers['X-A'], several.headers['X-B'], several.headers.Etag]))
}
