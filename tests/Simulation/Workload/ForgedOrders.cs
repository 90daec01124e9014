// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Session;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>
/// Orders that no agent may obey, whoever sends them: of another cluster, of an older or an unconfirmed life of the state, older than
/// what is known, or the difference to something else than what is known. All would empty the node.
/// </summary>
internal sealed class ForgedOrders(SimulatedCluster cluster, SeededStream chance)
{
    private static readonly ClusterId Stranger = new(8);

    /// <summary>Such an order reaches an agent. False: there is none to reach.</summary>
    public bool Send()
    {
        var host = chance.Pick(cluster.Hosts);
        if (host.Agent is not { Process.IsRunning: true } agent || agent.Book is not { IsKnown: true } book) return false;
        var (update, why) = Forge(book);
        cluster.Trace.Tell(host.Name, $"gets a forged order at {update.To}, {why}");
        agent.Process.Run(() =>
        {
            // A file is read for it, so that it is judged in a while.
            Obey(agent, update, verdict =>
            {
                if (verdict == GateVerdict.Accept) cluster.Judge.Violate($"{host.Name} obeys a forged order at {update.To}, {why}");
            });
        });
        return true;
    }

    private static async void Obey(SimulatedAgent agent, AssignmentUpdate update, Action<GateVerdict> judge) =>
        judge(await agent.ApplyAsync(update));

    private (AssignmentUpdate Update, string Why) Forge(AssignmentBook book)
    {
        var known = book.Version;
        var older = known.Number > 0 ? known with { Number = known.Number - 1 } : known with { Term = known.Term - 1 };
        var newer = known with { Number = known.Number + 1 };
        return chance.Below(5) switch
        {
            0 => (Complete(older), "of an older state"),
            1 => (Complete(known with { Term = known.Term - 1, Number = known.Number + 100 }), "of an older term"),
            2 => (Complete(known with { Incarnation = known.Incarnation + 1 }), "of a life that nobody confirmed"),
            3 => (Complete(newer) with { Cluster = Stranger }, "of another cluster"),
            _ => (Complete(newer) with { IsComplete = false, From = older, Removals = [.. book.Items.Keys] }, "over a gap"),
        };
    }

    private static AssignmentUpdate Complete(StateVersion to) => new() { Cluster = SimulatedCluster.Id, IsComplete = true, To = to };
}
