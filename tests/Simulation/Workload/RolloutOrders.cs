// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What the operator orders of rollouts, whenever it comes to mind: pause, resume, abort, and back to another revision.</summary>
internal sealed class RolloutOrders
{
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly Operator _owner;

    public RolloutOrders(SimulatedCluster cluster, SeededStream chance, Operator owner)
    {
        (_cluster, _chance, _owner) = (cluster, chance, owner);
        cluster.Timeline.After(TimeSpan.FromSeconds(9), Next);
    }

    /// <summary>No more orders.</summary>
    public bool IsOver { get; set; }

    /// <summary>No rollout is paused.</summary>
    public void ResumeAll()
    {
        foreach (var name in _owner.Wanted.Keys) Order(name, RolloutOrder.Resume);
    }

    private void Next()
    {
        if (IsOver) return;
        if (_owner.Wanted.Count > 0)
        {
            var name = _chance.Pick(_owner.Wanted.Keys.ToList());
            switch (_chance.Below(13))
            {
                case 10 or 11: Order(name, RolloutOrder.Approve); break;
                case 12: Order(name, RolloutOrder.Promote); break;
                case < 3: Order(name, RolloutOrder.Pause); break;
                case < 6: Order(name, RolloutOrder.Resume); break;
                case < 8: Order(name, RolloutOrder.Abort); break;
                default: RollBack(name, _chance.Chance(0.7) ? 0 : _chance.Below(6)); break;
            }
        }

        _cluster.Timeline.After(_chance.Exponential(_cluster.Mix.WorkMean * 3), Next);
    }

    private void Order(string name, RolloutOrder order) => _owner.Ask($"orders {order} of {name}",
        (ticket, origin) => new ClusterEvent.ControlRollout(ticket, origin, ServiceName.Parse(name), order, 0));

    private void RollBack(string name, int to) => _owner.Ask($"rolls {name} back to {to}",
        (ticket, origin) => new ClusterEvent.RollBackService(ticket, origin, ServiceName.Parse(name), to, null));
}
