// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;

namespace ClusterManager.Manager.Planning;

/// <summary>
/// The changes of one turn, at most one per key of the store, and what they weigh. A turn fits one transaction by construction:
/// who wants to add asks first, and what does not fit waits for the next turn.
/// </summary>
internal sealed class TurnBudget
{
    private ImmutableList<string> order = [];
    private ImmutableDictionary<string, (StateChange Change, int Bytes)> byKey =
        ImmutableDictionary.Create<string, (StateChange, int)>(StringComparer.Ordinal);

    /// <summary>Changes so far.</summary>
    public int Count => order.Count;

    /// <summary>Their bytes, estimated.</summary>
    public int Bytes { get; private set; }

    /// <summary>The changes in the order of their first mention.</summary>
    public ImmutableArray<StateChange> Changes => [.. order.Select(key => byKey[key].Change)];

    /// <summary>Another <paramref name="count"/> changes of <paramref name="bytes"/> in all would fit.</summary>
    public bool HasRoom(int count, int bytes) =>
        Count + count <= StateChange.MaxPerTurn && Bytes + bytes <= StateChange.MaxBytesPerTurn;

    /// <summary>More has been put than fits.</summary>
    public bool IsOver => !HasRoom(0, 0);

    /// <summary>Puts a change without asking; a later change of the same key takes the place of the earlier one.</summary>
    public void Put(StateChange change, int bytes)
    {
        var key = KeyOf(change);
        if (byKey.TryGetValue(key, out var before)) Bytes -= before.Bytes;
        else order = order.Add(key);
        byKey = byKey.SetItem(key, (change, bytes));
        Bytes += bytes;
    }

    /// <summary>Puts a change if it fits.</summary>
    public bool TryPut(StateChange change, int bytes)
    {
        var known = byKey.TryGetValue(KeyOf(change), out var before);
        if (!HasRoom(known ? 0 : 1, bytes - before.Bytes)) return false;
        Put(change, bytes);
        return true;
    }

    /// <summary>A copy to return to.</summary>
    public TurnBudget Copy() => new() { order = order, byKey = byKey, Bytes = Bytes };

    private static string KeyOf(StateChange change) => change switch
    {
        StateChange.PutNode put => $"nodes/{put.Node.Id}",
        StateChange.DeleteNode delete => $"nodes/{delete.Node}",
        StateChange.PutService put => $"services/{put.Service.Id}",
        StateChange.DeleteService delete => $"services/{delete.Service}",
        StateChange.PutRevision put => $"revisions/{put.Revision.Service}/{put.Revision.Number}",
        StateChange.DeleteRevision delete => $"revisions/{delete.Service}/{delete.Number}",
        StateChange.PutAllocations put => $"allocations/{put.Service}/{put.Chunk}",
        StateChange.DeleteAllocations delete => $"allocations/{delete.Service}/{delete.Chunk}",
        StateChange.PutVolume put => $"volumes/{put.Volume.Stack}/{put.Volume.Name}",
        StateChange.PutToken put => $"tokens/{put.Token.Id}",
        StateChange.DeleteToken delete => $"tokens/{delete.Id}",
        StateChange.PutLogin put => $"logins/{put.Login.Registry}",
        StateChange.DeleteLogin delete => $"logins/{delete.Registry}",
        StateChange.PutPin put => $"pins/{put.Pin.Image}",
        StateChange.DeletePin delete => $"pins/{delete.Image}",
        StateChange.PutRelease put => $"releases/{put.Release.Stack}",
        StateChange.DeleteRelease delete => $"releases/{delete.Stack}",
        StateChange.PutReleaseEntry put => $"history/{put.Entry.Stack}/{put.Entry.Number}",
        StateChange.DeleteReleaseEntry delete => $"history/{delete.Stack}/{delete.Number}",
        StateChange.PutRequest put => $"requests/{put.Request.Number % State.RequestRecord.Kept}",
        _ => throw new System.Diagnostics.UnreachableException(change.GetType().Name),
    };
}
