// ramping-arrival-rate: from nothing to 23 a second and back.
// order: none
export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-arrival-rate',
      preAllocatedVUs: 5,
      stages: [
        { duration: '600ms', target: 23 },
        { duration: '600ms', target: 0 },
      ],
    },
  },
}

export default function () {}
