// b64encode and b64decode, all variants, text and bytes.
import encoding, { b64decode, b64encode } from 'k6/encoding'

export default function () {
  const text = 'hello? >> wörld'
  for (const variant of ['std', 'rawstd', 'url', 'rawurl']) {
    const encoded = b64encode(text, variant)
    console.log(variant, encoded, b64decode(encoded, variant, 's'))
  }
  console.log(b64encode(new Uint8Array([0, 255, 254]).buffer))
  console.log(new Uint8Array(encoding.b64decode('AP/+')).join())
  try {
    b64decode('***', 'std', 's')
    console.log('fine')
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}
