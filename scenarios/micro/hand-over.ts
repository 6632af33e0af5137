/** Hands the outcome of a turn over to who waits for it: from the opening of its channel to the answer. */
import { oneShotDelivery } from '../../reference-server/delivery/one-shot.ts'
import { pollingDelivery } from '../../reference-server/delivery/polling.ts'
import type { Delivery } from '../../reference-server/delivery/port.ts'

const answer = { content: 'The second item of the list.', tokens: 7 }

function handOver(delivery: Delivery) {
  let turn = 0
  return {
    operation: async () => {
      turn += 1
      // A turn has a signal of its own.
      const received = delivery.receive(turn, new AbortController().signal)
      delivery.complete(turn, answer)
      return (await received).tokens
    },
    close: () => delivery.close(),
  }
}

export const tasks = {
  'one-shot': { open: () => handOver(oneShotDelivery()) },
  polling: { open: () => handOver(pollingDelivery()) },
}
