// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics;
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>
/// Commits turns and renews the fence for one term. Every write is one transaction that checks the lock's session and cas'es the
/// version, so that a deposed leader writes nothing and an answer that was lost can be found out (docs/leadership.md).
/// </summary>
/// <param name="consul">Where.</param>
/// <param name="session">The lock's.</param>
/// <param name="unknown">Fields of newer versions, by key: see <see cref="UnknownFields"/>.</param>
internal sealed class StateWriter(ConsulClient consul, string session, ImmutableSortedDictionary<string, byte[]>? unknown = null)
{
    /// <summary>Commits a turn's changes. The same commit may be tried again after <see cref="CommitOutcome.Unknown"/>.</summary>
    /// <param name="state">The state after the turn: chunks and version are taken from it.</param>
    /// <param name="changes">What to write.</param>
    /// <param name="versionIndex">Consul's index of the version key as last read or written.</param>
    /// <param name="cancellationToken">Gives up; the outcome is then unknown.</param>
    public async Task<CommitOutcome> CommitAsync(
        ClusterState state, IReadOnlyList<StateChange> changes, ulong versionIndex, CancellationToken cancellationToken)
    {
        var operations = OperationsOf(session, state, changes, versionIndex, unknown);
        return OutcomeOf(await consul.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, cancellationToken));
    }

    /// <summary>A turn as one transaction: the fence, the version, then what changed.</summary>
    internal static List<TransactionOperation> OperationsOf(
        string session, ClusterState state, IReadOnlyList<StateChange> changes, ulong versionIndex,
        ImmutableSortedDictionary<string, byte[]>? unknown = null)
    {
        var kept = unknown ?? UnknownFields.None;
        var operations = new List<TransactionOperation>(changes.Count + 2)
        {
            TransactionOperation.CheckSession(StateKeys.Lead, session),
            TransactionOperation.Cas(
                StateKeys.Version, StoredFormat.Encode(VersionOf(state), kept.GetValueOrDefault(StateKeys.Version)), versionIndex),
        };
#if MUTANTS
        if (MutantSwitch.Is(Mutant.DropFence)) operations.RemoveAt(0);
        if (MutantSwitch.Is(Mutant.LoseAllocations)) changes = changes.Any(change => change is StateChange.PutService)
            ? [.. changes.Where(change => change is not StateChange.PutAllocations)] : changes;
#endif
        operations.AddRange(changes.Select(change => ToOperation(state, change, kept)));
        return operations;
    }

    /// <summary>What Consul's answer means for the term.</summary>
    internal static CommitOutcome OutcomeOf(TransactionResult result)
    {
        return result switch
        {
            TransactionResult.Committed done => new CommitOutcome.Committed(done.ModifyIndexOf(StateKeys.Version) ?? 0),
            TransactionResult.Rejected { Kind: RejectionKind.Session or RejectionKind.NotFound } lost =>
                new CommitOutcome.Deposed(lost.Text),
            TransactionResult.Rejected { Kind: RejectionKind.Index } => new CommitOutcome.VersionMoved(),
            TransactionResult.Rejected other => new CommitOutcome.Refused(other.Text),
            TransactionResult.Unknown unknown => new CommitOutcome.Unknown(unknown.Error.Text),
            _ => throw new UnreachableException("a transaction ends in one of three ways"),
        };
    }

    /// <summary>
    /// One fenced round trip without a write. True: the lock was ours after the call was sent. False: it is another's. Null: nobody knows.
    /// </summary>
    public async Task<bool?> RenewAsync(CancellationToken cancellationToken) =>
        await consul.Transactions.CommitAsync(
            [TransactionOperation.CheckSession(StateKeys.Lead, session)], ConsistencyMode.Consistent, cancellationToken) switch
        {
            TransactionResult.Committed => true,
            TransactionResult.Rejected { Kind: RejectionKind.Session or RejectionKind.NotFound } => false,
            _ => null,
        };

    /// <summary>
    /// Reads what was last committed, to find out about a commit whose answer was lost; null: Consul does not answer now.
    /// </summary>
    /// <exception cref="StateUnreadableException">The version is missing or damaged.</exception>
    public async Task<(Model.StateVersion Version, ulong Index)?> TryReadVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new StateReader(consul).ReadVersionAsync(cancellationToken);
        }
        catch (ConsulException)
        {
            return null;
        }
    }

    internal static V1.StoredVersion VersionOf(ClusterState state) => new()
    {
        Version = state.Version.ToWire(), NextServiceId = state.NextServiceId, NextNodeOrdinal = state.NextNodeOrdinal,
        NextRequest = state.NextRequest,
    };

    private static TransactionOperation ToOperation(
        ClusterState state, StateChange change, ImmutableSortedDictionary<string, byte[]> kept) => change switch
    {
        StateChange.PutNode put => Set(kept, StateKeys.Node(put.Node.Id), RecordCodec.ToStored(put.Node)),
        StateChange.DeleteNode gone => TransactionOperation.Delete(StateKeys.Node(gone.Node)),
        StateChange.PutService put => Set(kept, StateKeys.Service(put.Service.Id), RecordCodec.ToStored(put.Service)),
        StateChange.DeleteService gone => TransactionOperation.Delete(StateKeys.Service(gone.Service)),
        StateChange.PutRevision put =>
            Set(kept, StateKeys.Revision(put.Revision.Service, put.Revision.Number), RecordCodec.ToStored(put.Revision)),
        StateChange.DeleteRevision gone => TransactionOperation.Delete(StateKeys.Revision(gone.Service, gone.Number)),
        StateChange.PutAllocations put => Set(
            kept, StateKeys.Chunk(put.Service, put.Chunk), RecordCodec.ToStored(ChunkOf(state, put))),
        StateChange.DeleteAllocations gone => TransactionOperation.Delete(StateKeys.Chunk(gone.Service, gone.Chunk)),
        StateChange.PutVolume put => Set(kept, StateKeys.Volume(put.Volume.Stack, put.Volume.Name), RecordCodec.ToStored(put.Volume)),
        StateChange.PutToken put => Set(kept, StateKeys.Token(put.Token.Id), RecordCodec.ToStored(put.Token)),
        StateChange.DeleteToken gone => TransactionOperation.Delete(StateKeys.Token(gone.Id)),
        StateChange.PutLogin put => Set(kept, StateKeys.Login(put.Login.Registry), LoginCodec.ToStored(put.Login)),
        StateChange.DeleteLogin gone => TransactionOperation.Delete(StateKeys.Login(gone.Registry)),
        StateChange.PutPin put => Set(kept, StateKeys.Pin(put.Pin.Image), PinCodec.ToStored(put.Pin)),
        StateChange.DeletePin gone => TransactionOperation.Delete(StateKeys.Pin(gone.Image)),
        StateChange.PutRelease put => Set(kept, StateKeys.Release(put.Release.Stack), RecordCodec.ToStored(put.Release)),
        StateChange.DeleteRelease gone => TransactionOperation.Delete(StateKeys.Release(gone.Stack)),
        StateChange.PutReleaseEntry put =>
            Set(kept, StateKeys.ReleaseEntry(put.Entry.Stack, put.Entry.Number), ReleaseCodec.ToStored(put.Entry)),
        StateChange.DeleteReleaseEntry gone => TransactionOperation.Delete(StateKeys.ReleaseEntry(gone.Stack, gone.Number)),
        StateChange.PutRequest put => Set(kept, StateKeys.Request(put.Request.Number), RecordCodec.ToStored(put.Request)),
        _ => throw new UnreachableException($"no key for {change.GetType().Name}"),
    };

    private static AllocationChunk ChunkOf(ClusterState state, StateChange.PutAllocations put)
    {
        var chunk = ClusterStateBuilder.ChunkOf(state, put.Service, put.Chunk);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.LoseEnded))
            return chunk with { Allocations = [.. chunk.Allocations.Select(record => record with { Ended = null })] };
#endif
        return chunk;
    }

    private static TransactionOperation Set(ImmutableSortedDictionary<string, byte[]> kept, string key, IMessage message) =>
        TransactionOperation.Set(key, StoredFormat.Encode(message, kept.GetValueOrDefault(key)));
}
