// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What a container used, at one moment. Counters begin at 0 with each run: a rate is the difference of two readings.</summary>
/// <param name="Read">When it was measured, by the node's clock; null for a container that does not run (all else is then 0).</param>
/// <param name="CpuTime">Processor time used so far.</param>
/// <param name="MemoryBytes">Memory in use without the page cache that the kernel can drop at will.</param>
/// <param name="MemoryLimitBytes">Its limit, or the machine's memory without one.</param>
/// <param name="Pids">Processes and threads.</param>
/// <param name="ReceivedBytes">Received over all its networks so far.</param>
/// <param name="SentBytes">Sent over all its networks so far.</param>
public sealed record ContainerUsage(
    DateTimeOffset? Read, TimeSpan CpuTime, long MemoryBytes, long MemoryLimitBytes, long Pids, long ReceivedBytes, long SentBytes);
