// TextEncoder and TextDecoder.
export default function () {
  const bytes = new TextEncoder().encode('grüße 🎉')
  console.log(bytes.join(), bytes instanceof Uint8Array)
  console.log(new TextDecoder().decode(bytes), new TextDecoder('utf-8').encoding)
  console.log(new TextDecoder('utf-16le').decode(new Uint8Array([104, 0, 105, 0])))
  console.log(JSON.stringify(new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65]))))
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))
  } catch (error) {
    console.log(error.name)
  }
}
