// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>What one session's agent has been told of images that it is to have: each order once, and its end when nobody waits.</summary>
internal sealed class PullOrders(NodeId node)
{
    private readonly SortedDictionary<long, bool> _told = [];

    /// <summary>What is to be told as of this state, in order.</summary>
    public List<V1.ManagerMessage> Next(ClusterState state)
    {
        var orders = new List<V1.ManagerMessage>();
        if (_told.Count == 0 && state.ImagePulls.IsEmpty) return orders;
        foreach (var number in _told.Keys.Where(number => state.ImagePulls.GetValueOrDefault(number) is not { IsDone: false }).ToList())
        {
            _told.Remove(number);
            orders.Add(new V1.ManagerMessage { PullCancel = new V1.PullCancel { Request = number } });
        }

        foreach (var pull in state.ImagePulls.Values)
        {
            var mayPull = pull.Pulling.Contains(node);
            if (!pull.WaitsFor(node) || (_told.TryGetValue(pull.Number, out var could) && could == mayPull)) continue;
            _told[pull.Number] = mayPull;
            orders.Add(new V1.ManagerMessage
            {
                PullImage = new V1.PullImage { Request = pull.Number, Image = pull.Image, Pull = mayPull },
            });
        }

        return orders;
    }
}
