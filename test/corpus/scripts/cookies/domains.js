// Cookies of hosts and of domains.
import http from 'k6/http'

export const options = {
  hosts: { 'shop.example': __ENV.ADDRESS, 'www.shop.example': __ENV.ADDRESS, 'other.example': __ENV.ADDRESS },
}

export default function () {
  http.get('http://shop.example/cookies/set?host=1')
  http.get('http://www.shop.example/cookies/set?domain=1&~Domain=shop.example')
  http.get('http://other.example/cookies/set?foreign=1&~Domain=shop.example')
  for (const host of ['shop.example', 'www.shop.example', 'other.example'])
    console.log(host, http.get(`http://${host}/cookies`).body)
}
