// Requests inside callbacks of array methods come one after another.
import http from 'k6/http'

const get = (name) => http.get(`${__ENV.BASE}/text/${name}`).body

export default function () {
  const names = ['a', 'b', 'c']
  names.forEach((name, index) => console.log(index, get(name)))
  console.log(names.map(get).join())
  console.log(names.filter((name) => get(name) !== 'b').join())
  console.log(names.reduce((text, name) => text + get(name), ''))
  console.log(
    names.some((name) => get(name) === 'b'),
    names.every((name) => get(name) === 'a'),
  )
  console.log(
    names.find((name) => get(name) === 'b'),
    names.flatMap((name) => [get(name), name]).join(),
  )
  for (const name of names) if (get(name) === 'b') break
}
