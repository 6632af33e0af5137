// Keys: HMAC signatures, AES there and back, ECDSA.
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export default async function () {
  const { subtle } = crypto
  const text = new Uint8Array([1, 2, 3, 4])
  const raw = new Uint8Array(32).fill(7)
  const hmac = await subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])
  const signature = await subtle.sign('HMAC', hmac, text)
  console.log(hex(signature), await subtle.verify('HMAC', hmac, signature, text))
  for (const name of ['AES-CBC', 'AES-GCM']) {
    const key = await subtle.importKey('raw', raw, { name }, false, ['encrypt', 'decrypt'])
    const iv = new Uint8Array(name === 'AES-CBC' ? 16 : 12).fill(1)
    const sealed = await subtle.encrypt({ name, iv }, key, text)
    console.log(name, hex(sealed), hex(await subtle.decrypt({ name, iv }, key, sealed)))
  }
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const signed = await subtle.sign({ name: 'ECDSA', hash: { name: 'SHA-256' } }, pair.privateKey, text)
  console.log(await subtle.verify({ name: 'ECDSA', hash: { name: 'SHA-256' } }, pair.publicKey, signed, text))
}
