// Requests in helpers, methods, conditions, try and finally, closures, default branches.

import { sleep } from 'k6'
import http from 'k6/http'

class Client {
  constructor(base) {
    this.base = base
  }

  get(path) {
    return http.get(`${this.base}${path}`)
  }
}

const retry = (action, times) => {
  for (let attempt = 1; attempt <= times; attempt++) {
    const response = action(attempt)
    if (response.status === 200 || attempt === times) return response
    sleep(0.01)
  }
}

function guarded(client) {
  try {
    return client.get('/text/tried').body
  } finally {
    client.get('/text/finally')
  }
}

export default function () {
  const client = new Client(__ENV.BASE)
  console.log(retry((attempt) => client.get(`/status/${attempt < 3 ? 503 : 200}`), 5).status)
  console.log(guarded(client))
  const text = client.get('/status/404').status === 200 ? 'found' : client.get('/text/other').body
  console.log(
    text,
    client.get('/text/x')?.body ?? 'none',
    [client.get('/text/1').body, client.get('/text/2').body].join(),
  )
  switch (client.get('/text/case').body) {
    case 'case':
      console.log('case')
      break
    default:
      console.log('default')
  }
}
