// Named requests give named responses.
// order: none
import http from 'k6/http'

export default function () {
  const { main, form, bad } = http.batch({
    main: `${__ENV.BASE}/text/main`,
    form: { method: 'POST', url: `${__ENV.BASE}/echo`, body: { field: 'value' } },
    bad: 'http://127.0.0.1:1/',
  })
  console.log(main.body, form.json('body'), bad.error_code)
}
