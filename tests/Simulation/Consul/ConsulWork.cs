// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>What a request means. A closed family.</summary>
internal abstract record ConsulWork
{
    private ConsulWork()
    {
    }

    /// <summary>Answered by the host's own agent, with or without servers.</summary>
    public sealed record Local(Func<SimulatedConsulAgent, ConsulReplyDraft> Run) : ConsulWork;

    /// <summary>A read, perhaps one that waits for a change.</summary>
    /// <param name="Mode">Who may answer.</param>
    /// <param name="After">Answered when the index is larger; 0: at once.</param>
    /// <param name="Wait">How long it waits.</param>
    /// <param name="IndexOf">What it waits for.</param>
    /// <param name="Render">The answer.</param>
    public sealed record Read(
        ConsistencyMode Mode, ulong After, TimeSpan Wait, Func<ConsulData, ulong> IndexOf, Func<ConsulData, ConsulReplyDraft> Render)
        : ConsulWork;

    /// <summary>A change by the quorum's leader; null: nothing is changed.</summary>
    /// <param name="Run">Given what is stored, with the next index, and the caller's node.</param>
    public sealed record Write(Func<ConsulData, string, (ConsulData? After, ConsulReplyDraft Reply)> Run) : ConsulWork
    {
        /// <summary>The operations, if it is a transaction.</summary>
        public IReadOnlyList<TransactionOperationJson> Operations { get; init; } = [];
    }
}
