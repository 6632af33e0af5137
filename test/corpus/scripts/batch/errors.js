// What batch cannot take.
import http from 'k6/http'

const attempt = (what) => {
  try {
    http.batch(what)
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}

export default function () {
  attempt([])
  attempt({})
  attempt('no list')
  attempt([['GET']])
  attempt([['GET', 5]])
  attempt([{ method: 'GET' }])
}
