// The global crypto: digests, random values, identifiers.
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export default async function () {
  const data = new Uint8Array([104, 105])
  for (const name of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
    console.log(name, hex(await crypto.subtle.digest(name, data)))
  console.log(crypto.getRandomValues(new Uint8Array(8)).length)
  console.log(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()))
}
