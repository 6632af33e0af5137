// An executor that is not there.
export const options = { scenarios: { bad: { executor: 'sometimes', vus: 2 } } }

export default function () {}
