// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// What applying a spec means for a service: computed first (a stack tells all its outcomes before it begins), then committed.
/// </summary>
/// <param name="Kind">What changes.</param>
/// <param name="Existing">The service before; null: it is new.</param>
/// <param name="Replicas">Wanted from now on; 0 for a global service.</param>
/// <param name="IsForced">The containers are replaced even though nothing changed.</param>
internal sealed record ServiceChange(ServiceChangeKind Kind, ServiceRecord? Existing, int Replicas, bool IsForced)
{
    /// <summary>Separates a template's hash from the number that makes a forced revision differ from its equal predecessor.</summary>
    private const char ForceMark = '-';

    /// <summary>Why the spec can not be applied, whatever else the caller expects; null: it can.</summary>
    public static MutationResult.Refused? Refuse(ClusterState state, ServiceSpec spec)
    {
        if (SizeEstimate.Of(spec) > EngineLimits.SpecBytes)
            return Refusals.Invalid($"the spec of {spec.Name.Display} is larger than 256 KB");
        if (ColourNames.Refuse(state, spec) is { } taken) return taken;
        if (!state.ServicesByDiscoveryName.TryGetValue(spec.Name.DiscoveryName, out var id)
            || !state.Services.TryGetValue(id, out var holder)) return null;
        if (UnconfirmedNodes.Refusal(state, id) is { } waits) return Refusals.Conflict(waits);
        if (holder.Name != spec.Name)
            return Refusals.Conflict(
                $"the name '{spec.Name.DiscoveryName}' of {spec.Name} is held in discovery by {holder.Name}: choose another name");
        if (holder.IsRemoving) return Refusals.Conflict($"service {spec.Name.Display} is still being removed: try again in a few seconds");
        var mode = state.Revisions[id][holder.Revision].Spec.Mode;
        return mode == spec.Mode ? null
            : Refusals.Conflict($"service {spec.Name.Display} is {Word(mode)} and can not become {Word(spec.Mode)}: remove it first");
    }

    /// <summary>Compares the spec with what the service has.</summary>
    public static ServiceChange Of(ClusterState state, AcceptedSpec accepted, bool force)
    {
        var spec = accepted.Spec;
        if (state.Find(spec.Name) is not { } service)
            return new ServiceChange(ServiceChangeKind.Created, null, spec.IsGlobal() ? 0 : spec.Replicas ?? 1, force);
        var replicas = spec.IsGlobal() ? 0 : spec.Replicas ?? service.Replicas;
        var current = state.Revisions[service.Id][service.Revision];
        var rollout = service.Rollout;
        var isRetry = rollout.State is RolloutState.Failed or RolloutState.RollbackFailed || rollout.WantedRevision != service.Revision
            || rollout is { State: RolloutState.Aborted, IsGoingBack: false };
        if (force || isRetry || TemplateOf(current) != accepted.TemplateHash)
            return new ServiceChange(ServiceChangeKind.Updated, service, replicas, force);
        if (replicas != service.Replicas) return new ServiceChange(ServiceChangeKind.Scaled, service, replicas, false);
        // What a rollout went back to is asked for again: a rollout of its own says so, and restarts nothing.
        var isSame = current.SpecHash == accepted.SpecHash && !rollout.IsGoingBack;
        return new ServiceChange(isSame ? ServiceChangeKind.Unchanged : ServiceChangeKind.Metadata, service, replicas, false);
    }

    /// <summary>The outcome as it will be, before anything is committed.</summary>
    public RequestOutcome Foretell(AcceptedSpec accepted) => Existing is null
        ? new RequestOutcome { Name = accepted.Spec.Name, Revision = 1, Rollout = 1, Change = Kind }
        : ServiceMutations.Outcome(Existing, Kind) with
        {
            Revision = Kind == ServiceChangeKind.Unchanged ? Existing.Revision : Existing.NextRevision,
            Rollout = Existing.Rollout.Number + (Kind == ServiceChangeKind.Unchanged ? 0 : 1),
        };

    /// <summary>Writes the service and its new revision.</summary>
    /// <param name="turn">Where.</param>
    /// <param name="accepted">The spec.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="image">What its image means, where that is known already; null: it is found out, or as before.</param>
    public RequestOutcome Commit(Turn turn, AcceptedSpec accepted, string actor, ResolvedImage? image = null)
    {
        if (Kind == ServiceChangeKind.Unchanged) return ServiceMutations.Outcome(Existing!, Kind);
        var service = Existing is null ? New(turn, accepted, actor) : Next(turn, Existing, accepted, actor);
        var revision = RevisionOf(turn, service, accepted, actor);
        turn.PutRevision(image is null ? revision : revision with { Image = image });
        turn.PutService(service);
        turn.Dirty.Add(service.Id);
        return ServiceMutations.Outcome(service, Kind);
    }

    /// <summary>
    /// The service with its next rollout, and with the verdict of the one before noted. What it comes from is the revision that last
    /// served: a failed or unfinished rollout in between does not count, unless there is nothing before it but an unfinished one.
    /// </summary>
    public static ServiceRecord Begin(ServiceRecord service, int toRevision, TimeSpan deadline, DateTimeOffset now, string actor) =>
        RevisionVerdicts.Noted(service, now) with
        {
            UpdatedAt = now,
            Rollout = new RolloutRecord
            {
                Number = service.Rollout.Number + 1,
                State = RolloutState.Running,
                FromRevision = CameFrom(service.Rollout),
                FromReplicas = ReplicasBefore(service),
                ToRevision = toRevision,
                StartedAt = now,
                Deadline = deadline,
                Actor = actor,
            },
        };

    /// <summary>
    /// Only the number of replicas changes. After a failed update the older revision is scaled: a scale never repeats what failed.
    /// </summary>
    public static ServiceRecord Scaled(
        ClusterState state, ServiceRecord service, int replicas, TimeSpan? deadline, DateTimeOffset now, string actor)
    {
        var rollout = service.Rollout;
        var to = rollout.State == RolloutState.Failed && rollout.FromRevision != 0 ? rollout.FromRevision : rollout.WantedRevision;
        var limit = deadline ?? state.Revisions[service.Id][to].Spec.ProgressDeadline;
        var begun = Begin(service, to, limit, now, actor);
        // The number is the operator's wish, whatever becomes of an update that is under way.
        // A canary that is under way stays at its step, and a new colour that is told of stays so.
        var isSame = rollout is { State: RolloutState.Running, IsGoingBack: false } && to == rollout.ToRevision;
        var hasColours = isSame && rollout.HasColours;
        return begun with
        {
            Replicas = replicas,
            Rollout = HookDuties.Carried(rollout, begun.Rollout) with
            {
                FromReplicas = replicas, Step = isSame ? rollout.Step : 0, IsPromoted = isSame && rollout.IsPromoted,
                FromRevision = hasColours ? rollout.FromRevision : begun.Rollout.FromRevision, HasColours = hasColours,
                SwitchedAt = hasColours ? rollout.SwitchedAt : null, KeepUntil = hasColours ? rollout.KeepUntil : null,
            },
        };
    }

    /// <summary>What a rollout that begins now would go back to: the revision that last served, and its number of replicas.</summary>
    public static (int Revision, int Replicas) LastServed(ServiceRecord service) => (CameFrom(service.Rollout), ReplicasBefore(service));

    /// <summary>As <see cref="CameFrom"/>: what a rollout in between asked for does not count.</summary>
    private static int ReplicasBefore(ServiceRecord service) => service.Rollout switch
    {
        { State: RolloutState.Running or RolloutState.Failed, IsGoingBack: false, HasSwitched: false, FromReplicas: { } before } => before,
        _ => service.Replicas,
    };

    private static int CameFrom(RolloutRecord rollout) => rollout.State switch
    {
        RolloutState.Succeeded => rollout.ToRevision,
        RolloutState.Running when rollout.HasSwitched => rollout.ToRevision,
        RolloutState.Running when rollout.FromRevision == 0 => rollout.ToRevision,
        _ => rollout.FromRevision,
    };

    private static ServiceRecord New(Turn turn, AcceptedSpec accepted, string actor)
    {
        var id = new ServiceId(turn.State.NextServiceId);
        var spec = accepted.Spec;
        turn.State = turn.State with
        {
            NextServiceId = id.Value + 1,
            ServicesByDiscoveryName = turn.State.ServicesByDiscoveryName.SetItem(spec.Name.DiscoveryName, id),
        };
        return new ServiceRecord
        {
            Id = id,
            Name = spec.Name,
            Revision = 1,
            Replicas = spec.IsGlobal() ? 0 : spec.Replicas ?? 1,
            NextRevision = 2,
            Rollout = new RolloutRecord
            {
                Number = 1, State = RolloutState.Running, ToRevision = 1, StartedAt = turn.Now,
                Deadline = spec.ProgressDeadline, Actor = actor, RunsHooks = true,
            },
            CreatedAt = turn.Now,
            CreatedBy = actor,
            UpdatedAt = turn.Now,
        };
    }

    private ServiceRecord Next(Turn turn, ServiceRecord service, AcceptedSpec accepted, string actor)
    {
        var begun = Begin(service, service.NextRevision, accepted.Spec.ProgressDeadline, turn.Now, actor);
        return begun with
        {
            Rollout = Kind == ServiceChangeKind.Updated ? begun.Rollout with { RunsHooks = true }
                : HookDuties.Carried(service.Rollout, begun.Rollout),
            Revision = service.NextRevision,
            NextRevision = service.NextRevision + 1,
            Replicas = Replicas,
            Tracking = TrackingNotes.ChosenByHand(service, turn.State.Revisions[service.Id][service.Revision], accepted.Spec).Tracking,
        };
    }

    /// <summary>
    /// An equal image reference keeps its digest when only other fields changed (no surprise), and is asked again when the operator forces
    /// or repeats a failed rollout (tags move).
    /// </summary>
    private RevisionRecord RevisionOf(Turn turn, ServiceRecord service, AcceptedSpec accepted, string actor)
    {
        var before = Existing is null ? null : turn.State.Revisions[service.Id][Existing.Revision];
        var isSameTemplate = before is not null && TemplateOf(before) == accepted.TemplateHash;
        var isRetry = Existing?.Rollout.State == RolloutState.Failed;
        var keepsImage = before is not null && !IsForced && !isRetry && before.Spec.Container.Image == accepted.Spec.Container.Image;
        return new RevisionRecord
        {
            Service = service.Id,
            Number = service.Revision,
            Spec = accepted.Spec,
            SpecHash = accepted.SpecHash,
            TemplateHash = IsForced ? $"{accepted.TemplateHash}{ForceMark}{service.Revision}"
                : isSameTemplate ? before!.TemplateHash : accepted.TemplateHash,
            Image = keepsImage ? before!.Image : null,
            CreatedAt = turn.Now,
            Actor = actor,
        };
    }

    private static string TemplateOf(RevisionRecord revision) => revision.TemplateHash.Split(ForceMark)[0];

    private static string Word(ServiceMode mode) => mode == ServiceMode.Global ? "global" : "replicated";
}
