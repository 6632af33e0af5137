// An expression that cannot be read.
export const options = { thresholds: { http_reqs: ['count is small'] } }

export default function () {
  console.log('never')
}
