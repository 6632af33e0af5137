// http.file in a form: text and bytes, with names and types.
import http from 'k6/http'

const logo = open('./files/logo.bin', 'b')

export default function () {
  http.post(`${__ENV.BASE}/echo`, {
    file: http.file(logo, 'logo.bin', 'image/x-logo'),
    note: 'a note',
  })
  http.post(`${__ENV.BASE}/echo`, { only: http.file('text content', 'a "quoted" name.txt') })
  const file = http.file('x')
  console.log(file.data, file.content_type, file.filename.length > 0)
}
