// Algorithms and encodings that are not there, and input that is neither text nor bytes.
import crypto from 'k6/crypto'

const attempt = (action) => {
  try {
    console.log(`gave ${action()}`)
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}

export default function () {
  attempt(() => crypto.hmac('nothing', 'key', 'data', 'hex'))
  attempt(() => crypto.md5('hello', 'hexagonal'))
  attempt(() => crypto.md5({ a: 1 }, 'hex'))
  attempt(() => crypto.md5(undefined, 'hex'))
  attempt(() => crypto.randomBytes(0))
}
