// What SharedArray refuses.
import { SharedArray } from 'k6/data'

const messages = []
const attempt = (make) => {
  try {
    make()
  } catch (error) {
    messages.push(`${error.message ?? error}`.split('\n')[0])
  }
}
attempt(() => new SharedArray('no array', () => ({ a: 1 })))
attempt(() => new SharedArray('', () => []))
attempt(() => new SharedArray('no function', 5))
attempt(() => new SharedArray('async', async () => []))

export default function () {
  for (const message of messages) console.log(message)
  attempt(() => new SharedArray('late', () => []))
  console.log(messages.at(-1))
}
