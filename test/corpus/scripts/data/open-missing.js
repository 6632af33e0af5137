// A file that is not there ends the test before it begins.
const text = open('./files/missing.txt')

export default function () {
  console.log(text)
}
