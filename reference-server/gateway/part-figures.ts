import type { AssembledParts } from '../assembly.ts'

/** One figure of `GET /metrics` that a part knows; read when somebody looks. */
interface PartFigure {
  name: string
  help: string
  read: (parts: AssembledParts) => number
}

const figure = (name: string, help: string, read: PartFigure['read']): PartFigure => ({ name, help, read })

/** What is there at the moment; what a turn holds is 0 when none is in flight. */
export const heldByParts: readonly PartFigure[] = [
  figure('gateway_sessions', 'Sessions in memory', ({ state }) => state.size),
  figure('gateway_permits_in_use', 'Turns and proxied requests admitted', ({ admission }) => admission.inUse),
  figure(
    'gateway_turns_waiting',
    'Turns and proxied requests waiting to be admitted',
    ({ admission }) => admission.waiting,
  ),
  figure('gateway_open_channels', 'Turns whose outcome is waited for', ({ delivery }) => delivery.openChannels),
  figure('gateway_open_streams', 'Streams of tokens to clients', ({ streamConsumer }) => streamConsumer.openStreams),
  figure(
    'gateway_stream_text_waiting',
    'Characters not taken by slow clients',
    ({ streamConsumer }) => streamConsumer.waitingText,
  ),
  figure('gateway_upstream_calls_in_flight', 'Calls to the model', ({ upstream }) => upstream.callsInFlight),
  figure('gateway_knowledge_calls_in_flight', 'Look-ups', ({ knowledge }) => knowledge.callsInFlight),
  figure('gateway_memory_calls_in_flight', 'Calls to the memory service', ({ memory }) => memory.callsInFlight),
  figure('gateway_tool_calls_running', 'Calls of tools', ({ tools }) => tools.running),
  figure(
    'gateway_tool_results_waiting',
    'Tools of clients that turns wait for',
    ({ toolResults }) => toolResults.waiting,
  ),
  figure('gateway_proxied_in_flight', 'Proxied requests', ({ proxy }) => proxy.inFlight),
  figure('gateway_context_updates_pending', 'Updates not finished', ({ contextUpdate }) => contextUpdate.pending),
  figure('gateway_store_writes_pending', 'Changes not committed', ({ store }) => store.pendingWrites),
  figure('gateway_database_connections_in_use', 'Connections at work', ({ store }) => store.connectionsInUse),
  figure(
    'gateway_database_connections_awaited',
    'Reads and batches that wait for a connection',
    ({ store }) => store.connectionsAwaited,
  ),
  figure('gateway_bus_listeners', 'Listeners on the bus', ({ bus }) => bus.listeners),
  figure('gateway_agents_cached', 'Agents in memory', ({ agents }) => agents.size),
  figure('gateway_tools_loaded', 'Tools whose code is loaded', ({ tools }) => tools.loaded),
  figure('gateway_memory_ready', 'Whether there is a memory service and it was greeted', ({ memory }) =>
    memory.ready ? 1 : 0,
  ),
]

/** What was done since the start, and only grows: how a part works shows here, whatever it costs. */
export const doneByParts: readonly PartFigure[] = [
  figure('gateway_delivery_looks', 'Looks whether a turn has an outcome yet', ({ delivery }) => delivery.looks),
  figure('gateway_proxy_looks', 'Looks whether a proxied request has an answer yet', ({ proxy }) => proxy.looks),
  figure('gateway_interrupt_looks', 'Looks whether a turn is interrupted', ({ interrupts }) => interrupts.looks),
  figure('gateway_context_updates_failed', 'Updates that failed', ({ contextUpdate }) => contextUpdate.failed),
  figure(
    'gateway_upstream_connections_made',
    'Connections ever made to the model',
    ({ upstream }) => upstream.connectionsMade,
  ),
  figure(
    'gateway_knowledge_connections_made',
    'Connections ever made to the knowledge base',
    ({ knowledge }) => knowledge.connectionsMade,
  ),
  figure(
    'gateway_tool_host_connections_made',
    "Connections ever made to the tools' host",
    ({ tools }) => tools.hostConnectionsMade,
  ),
  figure('gateway_organisation_reads', 'Database reads for organisations', ({ usage }) => usage.organisationReads),
  figure('gateway_store_transactions', 'Transactions committed', ({ store }) => store.transactions),
  figure('gateway_store_writes_committed', 'Changes committed', ({ store }) => store.writesCommitted),
  figure('gateway_session_log_writes', 'Writes of the session log', ({ sessionLog }) => sessionLog.writes),
  figure(
    'gateway_hydration_scans',
    'Conversations read and scanned for to-do lists',
    ({ hydration }) => hydration.scans,
  ),
  figure('gateway_agent_cache_hits', 'Agents found in memory', ({ agents }) => agents.hits),
  figure('gateway_agent_cache_misses', 'Agents that had to be loaded', ({ agents }) => agents.misses),
  figure('gateway_tool_calls', 'Calls of tools ever begun', ({ tools }) => tools.calls),
  figure('gateway_work_pools_made', 'Pools of threads made for tools', ({ tools }) => tools.workPoolsMade),
  figure('gateway_stream_tokens', 'Tokens written to clients', ({ streamConsumer }) => streamConsumer.tokensWritten),
  figure('gateway_stream_writes', 'Writes of tokens', ({ streamConsumer }) => streamConsumer.writes),
  figure(
    'gateway_stream_writes_held_back',
    'Writes that the client could not take at once',
    ({ streamConsumer }) => streamConsumer.writesHeldBack,
  ),
  figure('gateway_state_locks_taken', 'Locks taken to read or write a session', ({ state }) => state.locksTaken),
  figure('gateway_state_messages_sent', 'Questions to whoever else has a session', ({ state }) => state.messagesSent),
  figure(
    'gateway_registry_locks_taken',
    'Locks taken round the map of sessions',
    ({ state }) => state.registryLocksTaken,
  ),
  figure('gateway_expiry_attempts', 'Searches for idle sessions', ({ expiry }) => expiry.attempts),
  figure('gateway_expiry_failures', 'Failed searches that were logged', ({ expiry }) => expiry.failuresLogged),
  figure('gateway_expired_sessions', 'Idle sessions ended', ({ expiry }) => expiry.expired),
]
