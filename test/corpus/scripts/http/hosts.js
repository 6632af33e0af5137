// The hosts option: names that lead to the server, with and without port, and a wildcard.
import http from 'k6/http'

const [address, port] = __ENV.ADDRESS.split(':')

export const options = {
  hosts: { 'shop.example': __ENV.ADDRESS, 'api.example:8080': __ENV.ADDRESS, '*.wild.example': address },
}

export default function () {
  console.log(http.get('http://shop.example/echo').status)
  console.log(http.get('http://api.example:8080/echo').status)
  console.log(http.get(`http://a.wild.example:${port}/echo`).status)
}
