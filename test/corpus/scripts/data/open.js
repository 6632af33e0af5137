// open: text, bytes, and a file that is not there.
const csv = open('./files/items.csv')
const bytes = open('files/items.csv', 'b')

export default function () {
  const rows = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  console.log(rows.map(([id, name]) => `${id}=${name}`).join())
  console.log(bytes instanceof ArrayBuffer, bytes.byteLength)
  try {
    open('./files/items.csv')
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}
