/** Conversations that were begun elsewhere, as a gateway is given them when a session is opened. */

export interface PastMessage {
  role: 'user' | 'assistant'
  content: string
}

/** Every so many answers there is a new version of the list of what is to be done. */
const answersPerList = 10
const todosOfList = 5

/** As many messages as asked for, oldest first: questions and answers in turn, now and then with a list of to-dos. */
export const pastConversation = (messages: number): PastMessage[] =>
  Array.from({ length: messages }, (_, at) => {
    const question = Math.floor(at / 2)
    if (at % 2 === 0) return { role: 'user', content: `What became of point ${question}?` }
    return {
      role: 'assistant',
      content: question % answersPerList === 0 ? listOf(question) : `It is done: ${question}.`,
    }
  })

const listOf = (question: number): string =>
  JSON.stringify({
    todos: Array.from({ length: todosOfList }, (_, at) => ({ text: `point ${question + at}`, done: at === 0 })),
  })
