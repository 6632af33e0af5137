// async setup and teardown.
import http from 'k6/http'

export async function setup() {
  const response = await http.asyncRequest('GET', `${__ENV.BASE}/text/prepared`)
  return response.body
}

export default async function (data) {
  console.log(await Promise.resolve(data))
}

export async function teardown(data) {
  await Promise.resolve()
  console.log('teardown', data)
}
