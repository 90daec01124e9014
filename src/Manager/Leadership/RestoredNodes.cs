// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Persistence;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Leadership;

/// <summary>The nodes of a backup in the next life of the state: this machine with its part, all others as what they were,
/// unconfirmed.</summary>
internal sealed class RestoredNodes(ManagerIdentity self, string tokenAccessor, int nextOrdinal, DateTimeOffset now)
{
    private bool _hasSelf;

    /// <summary>The ordinal of the next node.</summary>
    public int NextOrdinal { get; private set; } = nextOrdinal;

    /// <summary>The node's record as it is to be stored.</summary>
    public V1.StoredNode Restored(V1.StoredNode node)
    {
        // Their Consul was another one: its servers and tokens are gone.
        node.ConsulServer = false;
        node.ConsulTokenAccessor = "";
        if (node.Id != self.Node.ToString()) return node;
        _hasSelf = true;
        return Own(node);
    }

    /// <summary>This machine's record when the backup has none; null when it has.</summary>
    public (string Key, byte[] Value)? Added()
    {
        if (_hasSelf) return null;
        var node = Own(new V1.StoredNode
        {
            Id = self.Node.ToString(), Ordinal = NextOrdinal++, JoinedUnixMs = now.ToUnixTimeMilliseconds(),
            Availability = V1.NodeAvailability.Active,
        });
        return (StateKeys.Node(self.Node), StoredFormat.Encode(node));
    }

    private V1.StoredNode Own(V1.StoredNode node)
    {
        node.Name = self.Name;
        node.Address = self.Address[..self.Address.LastIndexOf(':')].Trim('[', ']');
        node.Manager = true;
        node.ConsulServer = true;
        node.ConsulTokenAccessor = tokenAccessor;
        return node;
    }
}
