let count = 0

export const next = () => ++count
export { next as again }
export default { name: 'shop' }
