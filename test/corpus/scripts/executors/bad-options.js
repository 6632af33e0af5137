// A scenario without what its executor needs.
export const options = { scenarios: { bad: { executor: 'constant-vus', vus: 2 } } }

export default function () {}
