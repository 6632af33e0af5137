import http from 'k6/http'

/** A load with a pace: as much is done whoever watches. */
export const options = {
  scenarios: {
    paced: {
      executor: 'constant-arrival-rate',
      rate: 500,
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: 50,
    },
  },
}

export default function () {
  http.get(__ENV.URL)
}
