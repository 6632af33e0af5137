// An option of the wrong kind.
export const options = { vus: 'many' }

export default function () {}
