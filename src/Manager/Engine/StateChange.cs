// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Engine;

/// <summary>
/// One durable fact that a turn decided. A turn's changes are committed together with the version, or not at all.
/// At most <see cref="MaxPerTurn"/> of them fit one transaction.
/// </summary>
public abstract record StateChange
{
    /// <summary>Most changes of a turn: 64 operations of a Consul transaction, less the fence and the version.</summary>
    public const int MaxPerTurn = 60;

    /// <summary>Most bytes of a turn's values before base64.</summary>
    public const int MaxBytesPerTurn = 300_000;

    private StateChange() { }

    /// <summary>A node's record is written.</summary>
    public sealed record PutNode(NodeRecord Node) : StateChange;

    /// <summary>A node's record goes.</summary>
    public sealed record DeleteNode(NodeId Node) : StateChange;

    /// <summary>A service's record is written.</summary>
    public sealed record PutService(ServiceRecord Service) : StateChange;

    /// <summary>A service's record goes.</summary>
    public sealed record DeleteService(ServiceId Service) : StateChange;

    /// <summary>A revision is written (new, or its image resolved).</summary>
    public sealed record PutRevision(RevisionRecord Revision) : StateChange;

    /// <summary>A revision goes.</summary>
    public sealed record DeleteRevision(ServiceId Service, int Number) : StateChange;

    /// <summary>The allocations of 256 slots are written as they are in the new state.</summary>
    public sealed record PutAllocations(ServiceId Service, int Chunk) : StateChange;

    /// <summary>A chunk without allocations and without generations to remember goes.</summary>
    public sealed record DeleteAllocations(ServiceId Service, int Chunk) : StateChange;

    /// <summary>A volume's home is written.</summary>
    public sealed record PutVolume(VolumeRecord Volume) : StateChange;

    /// <summary>A token is written.</summary>
    public sealed record PutToken(TokenRecord Token) : StateChange;

    /// <summary>A token goes.</summary>
    public sealed record DeleteToken(string Id) : StateChange;

    /// <summary>A registry's credential is written.</summary>
    public sealed record PutLogin(RegistryLoginRecord Login) : StateChange;

    /// <summary>A registry's credential goes.</summary>
    public sealed record DeleteLogin(string Registry) : StateChange;

    /// <summary>An image that stays is written.</summary>
    public sealed record PutPin(PinRecord Pin) : StateChange;

    /// <summary>An image stays no longer.</summary>
    public sealed record DeletePin(string Image) : StateChange;

    /// <summary>A release is written.</summary>
    public sealed record PutRelease(ReleaseRecord Release) : StateChange;

    /// <summary>A release goes.</summary>
    public sealed record DeleteRelease(string Stack) : StateChange;

    /// <summary>Write a release's entry in its stack's history.</summary>
    public sealed record PutReleaseEntry(ReleaseEntry Entry) : StateChange;

    /// <summary>Drop a release from its stack's history.</summary>
    public sealed record DeleteReleaseEntry(string Stack, int Number) : StateChange;

    /// <summary>A carried-out mutation is remembered.</summary>
    public sealed record PutRequest(RequestRecord Request) : StateChange;
}
