// SharedArray over a file: length, index, iteration, copies that do not change it.
import { SharedArray } from 'k6/data'
import http from 'k6/http'

const users = new SharedArray('users', () => JSON.parse(open('./files/users.json')))

export const options = { iterations: 3 }

export default function () {
  const user = users[__ITER % users.length]
  http.post(`${__ENV.BASE}/login`, JSON.stringify(user), { headers: { 'Content-Type': 'application/json' } })
  if (__ITER > 0) return
  console.log(users.length, users[99], Array.isArray(users))
  for (const each of users) console.log(each.user)
  users.forEach((each, index) => console.log(index, each.user))
  console.log(users.map((each) => each.user).join(), users.filter((each) => each.user > 'b').length)
  const copy = users[0]
  try {
    copy.user = 'changed'
  } catch (error) {
    console.log(`${error.name}`)
  }
  try {
    users[0] = 'changed'
  } catch (error) {
    console.log(`${error.name}`)
  }
  console.log(users[0].user)
}
