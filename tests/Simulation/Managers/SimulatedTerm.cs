// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Managers;

/// <summary>A term of a manager as operators and judges reach it: the real <see cref="LeaderTerm"/> does everything.</summary>
internal sealed class SimulatedTerm(ManagerUnderTest manager, LeaderTerm term)
{
    /// <summary>Whose it is.</summary>
    public ManagerUnderTest Manager => manager;

    /// <summary>The lock's count.</summary>
    public long Number => term.Number;

    /// <summary>The newest published snapshot.</summary>
    public ClusterState State => term.Engine.Snapshots.Current;

    /// <summary>The sessions that are open here, by node.</summary>
    public IEnumerable<(NodeId Node, long Number)> Sessions => term.Sessions.All().Select(session => (session.Node, session.Number));

    /// <summary>Posts a mutation, in the manager's process; answered after its commit, or never.</summary>
    public void Submit(Func<long, ClusterEvent.Mutation> make, Action<MutationResult> answer) =>
        manager.Own(SubmitAsync(make, answer), "submission");

    private async Task SubmitAsync(Func<long, ClusterEvent.Mutation> make, Action<MutationResult> answer)
    {
        try
        {
            answer(await term.Engine.SubmitAsync(make, CancellationToken.None));
        }
        catch (Exception error) when (error is TermEndedException or MailboxFullException)
        {
            // The operator asks again.
        }
    }
}
