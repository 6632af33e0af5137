// Digests of text and bytes in every encoding; hashes in steps.
import crypto, { createHash, hmac, md5, sha256 } from 'k6/crypto'

const show = (value) =>
  value instanceof ArrayBuffer ? new Uint8Array(value).join() : Array.isArray(value) ? value.join() : value

export default function () {
  for (const name of ['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256', 'ripemd160'])
    console.log(name, crypto[name]('hello', 'hex'))
  for (const encoding of ['hex', 'base64', 'base64url', 'base64rawurl', 'binary'])
    console.log(encoding, show(md5('hello', encoding)))
  console.log(sha256(new Uint8Array([1, 2, 3]).buffer, 'hex'))
  const hash = createHash('sha256')
  hash.update('hel')
  hash.update('lo')
  console.log(hash.digest('hex'), hash.digest('base64'))
  for (const name of ['md5', 'sha1', 'sha256', 'sha512']) console.log(hmac(name, 'key', 'data', 'hex'))
  const steps = crypto.createHMAC('sha384', 'key')
  steps.update('data')
  console.log(steps.digest('base64'))
  console.log(crypto.randomBytes(16).byteLength)
}
