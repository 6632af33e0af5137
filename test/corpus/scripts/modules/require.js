// require, as older scripts have it.
const http = require('k6/http')
const { check } = require('k6')
const helper = require('./lib/page.cjs')

module.exports.options = { iterations: 1 }

module.exports.default = function () {
  check(http.get(`${__ENV.BASE}/text/old`), { old: (r) => r.body === 'old' })
  console.log(helper.twice(4))
}
