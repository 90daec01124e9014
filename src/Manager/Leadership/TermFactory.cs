// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Discovery;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Gates;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tracking;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Leadership;

/// <summary>Builds a term: loads the state, refuses what is not this cluster's or is older than the disk knows, wires the parts.</summary>
internal sealed class TermFactory(
    ConsulClient consul, LeaderBeat beat, Bootstrap bootstrap, ManagerIdentity identity, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Told what was read and of every turn before its commit; for the simulation's judges. Default: nobody.</summary>
    public TermWitness Witness { get; init; } = TermWitness.Nobody;

    /// <summary>Reads tags for services that follow their images; null: none does.</summary>
    public ITagReader? Tags { get; init; }

    /// <summary>Asks those who open the gates of canaries; null: nobody is asked.</summary>
    public GateClient? Gates { get; init; }

    /// <summary>The term of a won lock.</summary>
    /// <exception cref="StateUnreadableException">This manager must not lead from what is there.</exception>
    /// <exception cref="ConsulException">Consul does not answer.</exception>
    public async Task<LeaderTerm> CreateAsync(Candidacy candidacy, CancellationToken cancellationToken)
    {
        var (entries, stored, versionIndex) = await LoadAsync(candidacy, cancellationToken);
        Check(stored.Meta);
        if (StateMigration.Outdated(entries) is { Count: > 0 } outdated)
            versionIndex = await StateMigration.StoreAsync(consul, candidacy.Session, outdated, versionIndex, cancellationToken);
        bootstrap.Forget();
        var version = new StateVersion(stored.Meta.Incarnation, candidacy.Term, 0);
        if (version <= stored.Version)
            throw new StateUnreadableException(StateKeys.Version,
                $"it says {stored.Version}, which is not older than this term {candidacy.Term}");
        Witness.Loaded(stored);
        var state = ClusterEngine.StartTerm(ClusterStateBuilder.Build(stored with { Version = version }), time.GetUtcNow());
        return Wire(candidacy, state, versionIndex, UnknownFields.Of(entries));
    }

    private async Task<(IReadOnlyList<KvEntry> Entries, StoredCluster Stored, ulong VersionIndex)> LoadAsync(
        Candidacy candidacy, CancellationToken cancellationToken)
    {
        var reader = new StateReader(consul);
        var entries = await reader.ListAsync(cancellationToken);
        if (StateReader.Read(entries) is { } found) return (entries, found.Stored, found.VersionIndex);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.SkipEmptyGuard)) return (entries, EmptyMutant.Of(identity.Cluster, identity.Incarnation), 0);
#endif
        await bootstrap.TryCreateAsync(candidacy.Session, cancellationToken);
        entries = await reader.ListAsync(cancellationToken);
        var created = StateReader.Read(entries) ?? throw new StateUnreadableException(StateKeys.Meta, "it could not be created");
        return (entries, created.Stored, created.VersionIndex);
    }

    private void Check(ClusterMeta meta)
    {
        if (meta.Cluster != identity.Cluster)
            throw new StateUnreadableException(StateKeys.Meta,
                $"it is cluster {meta.Cluster}'s, this manager belongs to {identity.Cluster}");
        if (meta.Incarnation < identity.Incarnation)
            throw new StateUnreadableException(StateKeys.Meta,
                $"it is incarnation {meta.Incarnation}, this manager has seen {identity.Incarnation}");
    }

    private LeaderTerm Wire(
        Candidacy candidacy, ClusterState state, ulong versionIndex, ImmutableSortedDictionary<string, byte[]> unknown)
    {
        var fence = new Fence(time);
        var writer = new StateWriter(consul, candidacy.Session, unknown);
        var engine = new EngineLoop(state, versionIndex, writer, fence, beat, time, loggers.CreateLogger<EngineLoop>())
        {
            OnStepped = Witness.Stepped,
        };
        return new LeaderTerm(
            candidacy.Term, engine, fence, new SessionRegistry(), new SerfWatcher(consul, engine),
            new RegistrationAudit(consul, engine, candidacy.Session, time, loggers.CreateLogger<RegistrationAudit>()))
        {
            Tracking = Tags is null ? null : new TrackingLoop(
                () => engine.Snapshots.Current, engine.SubmitAsync, Tags, time, loggers.CreateLogger<TrackingLoop>()),
            Gates = Gates is null ? null : new GateKeeper(engine, fence, Gates, time),
        };
    }
}
