// What is no JavaScript.
export default function () {
  const = 5
}
