// TextEncoder and TextDecoder, which k6 v1 has not.
// k6: no
import { check } from 'k6'

export const options = { thresholds: { checks: ['rate==1'] } }

const throws = (action) => {
  try {
    action()
    return ''
  } catch (error) {
    return error.name
  }
}

export default function () {
  const bytes = new TextEncoder().encode('grüße 🎉')
  check(null, {
    'bytes are UTF-8': () =>
      bytes instanceof Uint8Array && bytes.join() === '103,114,195,188,195,159,101,32,240,159,142,137',
    'there and back': () => new TextDecoder().decode(bytes) === 'grüße 🎉',
    'UTF-16 is read': () => new TextDecoder('utf-16le').decode(new Uint8Array([104, 0, 105, 0])) === 'hi',
    'mark is dropped': () => new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])) === 'A',
    'fatal throws': () =>
      throws(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))) === 'TypeError',
  })
}
