import http from 'k6/http'

/** All that the generator can do: where it waited for moments, its watching of the clock would count as what requests cost. */
export const options = {
  scenarios: {
    users: { executor: 'constant-vus', vus: 20, duration: `${__ENV.SECONDS}s` },
  },
}

export default function () {
  http.get(__ENV.URL)
}
