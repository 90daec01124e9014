// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Executes the steps that call the engine, and takes what came of it into the facts. Refusals become facts; an engine that does not
/// answer is
/// an exception, after which nothing is known.
/// </summary>
/// <param name="context">What all runners share.</param>
internal sealed class ContainerSteps(RunnerContext context)
{
    private IContainerEngine Engine => context.Engine;

    private TimeSpan Now => context.Clock.Now;

    /// <summary>Executes any step but the pull and the probe.</summary>
    /// <exception cref="DockerException">The outcome is unknown: look at the container again.</exception>
    public async Task<AllocationFacts> ExecuteAsync(
        RunnerStep step, AllocationFacts facts, RunnerInputs inputs, CancellationToken cancellationToken) => step switch
    {
        RunnerStep.Locate => await LocateAsync(facts, inputs, cancellationToken),
        RunnerStep.Create => await CreateAsync(facts, inputs.Assignment!, cancellationToken),
        RunnerStep.Start => await StartAsync(facts, inputs, cancellationToken),
        RunnerStep.Stop stop => await StopAsync(stop, facts, inputs, cancellationToken),
        RunnerStep.Remove => await RemoveAsync(facts, facts.ContainerId, cancellationToken),
        RunnerStep.RemoveDuplicate duplicate => await RemoveDuplicateAsync(facts, duplicate.ContainerId, cancellationToken),
        _ => throw new ArgumentException($"{step} is no call.", nameof(step)),
    };

    /// <summary>Has the image on the node: nothing to do when it is there, since the reference is pinned.</summary>
    public async Task<AllocationFacts> PullAsync(AllocationFacts facts, RunnerInputs inputs, CancellationToken cancellationToken)
    {
        var assignment = inputs.Assignment!;
        context.Images.Use(assignment.Image, context.Clock.Provider.GetUtcNow());
        if (await HasImageAsync(assignment.Image, cancellationToken)) return facts.Move(AllocationInput.ImageReady, Now);
        if (assignment.ImageIsId) return ImageFailed(facts, FailureReasons.NotOnNode(assignment.Image));
        await context.Pulls.EnterAsync(cancellationToken);
        var began = Now;
        var isDone = false;
        context.Images.Begin(assignment.Image);
        try
        {
            // Asked for behind the gate: what lives for a minute must not grow old in a queue.
            var auth = await context.Credentials.FindAsync(assignment.Image, cancellationToken) ?? assignment.RegistryAuth;
            await Engine.PullImageAsync(assignment.Image, RegistryAuth.Read(auth), null, cancellationToken);
            isDone = true;
            return facts.Move(AllocationInput.ImageReady, Now);
        }
        catch (DockerException error) when (!IsEngineGone(error))
        {
            return ImageFailed(facts, FailureReasons.OfImage(assignment.Image, error));
        }
        finally
        {
            context.Images.End(assignment.Image, isDone, context.Clock.Provider.GetUtcNow());
            context.Pulls.Leave();
            AgentMeter.Pulled(isDone, Now - began);
        }
    }

    private async Task<AllocationFacts> LocateAsync(AllocationFacts facts, RunnerInputs inputs, CancellationToken cancellationToken)
    {
        var details = await FindAsync(facts, inputs.Assignment, cancellationToken);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.RecreateOnRestart) && details is { State: ContainerState.Running } && !facts.HasRunHere
            && facts.State != AllocationState.Starting) return await RemoveAsync(facts, details.Id, cancellationToken);
#endif
        if (details is null) return ContainerFold.Absent(facts, Now);
        return ContainerFold.Present(
            facts, details, inputs.Assignment?.Spec.Health, inputs.Goal >= RunnerGoal.Stop, context.Clock.Provider.GetUtcNow(), Now);
    }

    private async Task<ContainerDetails?> FindAsync(AllocationFacts facts, Assignment? assignment, CancellationToken cancellationToken)
    {
        var byId = facts.ContainerId == "" ? null : await InspectAsync(facts.ContainerId, cancellationToken);
        var details = byId ?? (assignment is null ? null : await InspectAsync(ContainerName.Of(assignment), cancellationToken));
        return details is not null && ContainerLabels.OwnerOf(details.Labels, context.Node.Cluster) == facts.Id ? details : null;
    }

    private async Task<ContainerDetails?> InspectAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            return await Engine.InspectContainerAsync(nameOrId, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<AllocationFacts> CreateAsync(AllocationFacts facts, Assignment assignment, CancellationToken cancellationToken)
    {
        if (facts.ContainerId != "") facts = await RemoveAsync(facts, facts.ContainerId, cancellationToken);
        if (context.Ports.Take(facts.Id, assignment.Spec.Ports, Now) is not { } ports)
        {
            var (first, last) = context.Ports.Range;
            return Refused(facts, AllocationInput.CreateFailed, FailureReasons.NoPortLeft(first, last));
        }
        try
        {
            var gateway = await context.Network.GatewayAsync(cancellationToken);
            await EnsureVolumesAsync(assignment, cancellationToken);
            var bindings = ContainerRequestBuilder.Bindings(assignment.Spec, ports);
            var request = ContainerRequestBuilder.Build(
                context.Node, assignment, facts.History.Attempt, bindings, ContainerNetwork.Name, gateway);
            var created = await Engine.CreateContainerAsync(request, cancellationToken);
            return Created(facts, created.Id) with { HostPorts = ports };
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NameTaken)
        {
            // A create whose answer was lost left it behind; whatever else has our name is not ours to remove.
            var mine = await FindAsync(facts with { ContainerId = "" }, assignment, cancellationToken);
            return mine is null ? Refused(facts, AllocationInput.CreateFailed, FailureReasons.OfRun(error)) : Created(facts, mine.Id);
        }
        catch (DockerException error) when (!IsUnknown(error))
        {
            if (error.Kind == DockerErrorKind.NotFound) context.Network.Forget();
            return Refused(facts, AllocationInput.CreateFailed, FailureReasons.OfRun(error));
        }
    }

    private AllocationFacts Created(AllocationFacts facts, string containerId) => facts.Move(AllocationInput.ContainerReady, Now) with
    {
        ContainerId = containerId,
        IsRunning = false,
        NeedsNewContainer = false,
        EndedRun = null,
    };

    private async Task EnsureVolumesAsync(Assignment assignment, CancellationToken cancellationToken)
    {
        foreach (var mount in assignment.Spec.Container.Mounts)
        {
            if (mount is not { Kind: MountKind.Volume, Source: { } source }) continue;
            var labels = Maps.Empty
                .Add(ContainerLabels.Cluster, context.Node.Cluster.ToString())
                .Add("cluster.stack", assignment.Spec.Name.Stack);
            var name = ContainerRequestBuilder.VolumeName(assignment.Spec.Name, source);
            await Engine.CreateVolumeAsync(new VolumeRequest(name) { Labels = labels }, cancellationToken);
        }
    }

    private async Task<AllocationFacts> StartAsync(AllocationFacts facts, RunnerInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            await Engine.StartContainerAsync(facts.ContainerId, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            context.Network.Forget();
            return ContainerFold.Absent(facts, Now);
        }
        catch (DockerException error) when (!IsUnknown(error))
        {
            // Another container may get another port, and would be made of what may have changed meanwhile.
            if (error.Kind == DockerErrorKind.PortTaken) context.Ports.Release(facts.Id, Now);
            return Refused(facts, AllocationInput.StartFailed, FailureReasons.OfRun(error));
        }
        return await LocateAsync(facts, inputs, cancellationToken);
    }

    private async Task<AllocationFacts> StopAsync(
        RunnerStep.Stop stop, AllocationFacts facts, RunnerInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
#if MUTANTS
            if (MutantSwitch.Is(Mutant.NoGrace)) stop = stop with { Grace = TimeSpan.Zero };
#endif
            await Engine.StopContainerAsync(facts.ContainerId, stop.Grace, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            return ContainerFold.Absent(facts, Now);
        }
        var details = await InspectAsync(facts.ContainerId, cancellationToken);
        if (details is null) return ContainerFold.Absent(facts, Now);
        if (!stop.IsUnhealthy || details.State is ContainerState.Running or ContainerState.Paused)
            return await LocateAsync(facts, inputs, cancellationToken);
        var ended = facts with
        {
            IsRunning = false,
            EndedRun = details.Started,
            ExitCode = details.ExitCode,
            OutOfMemory = details.OutOfMemory,
        };
        var end = new AttemptEnd(AttemptEndKind.Unhealthy, details.ExitCode, ContainerFold.RanFor(facts, Now));
        return ContainerFold.End(ended, AllocationInput.Failed, end, Now) with { Reason = FailureReasons.Unhealthy(facts.ProbeOutput) };
    }

    private async Task<AllocationFacts> RemoveAsync(AllocationFacts facts, string containerId, CancellationToken cancellationToken)
    {
        await RemoveQuietlyAsync(containerId, cancellationToken);
        return ContainerFold.Absent(facts, Now);
    }

    private async Task<AllocationFacts> RemoveDuplicateAsync(AllocationFacts facts, string containerId, CancellationToken cancellationToken)
    {
        var details = await InspectAsync(containerId, cancellationToken);
        var isOurs = details is not null && ContainerLabels.OwnerOf(details.Labels, context.Node.Cluster) == facts.Id;
        if (isOurs) await RemoveQuietlyAsync(containerId, cancellationToken);
        return facts with { RemovedDuplicate = containerId };
    }

    private async Task RemoveQuietlyAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            await Engine.RemoveContainerAsync(containerId, force: true, removeAnonymousVolumes: true, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            // Gone already: that was the aim.
        }
    }

    private async Task<bool> HasImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await Engine.InspectImageAsync(image, cancellationToken);
            return true;
        }
        catch (DockerException error) when (error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.NotFound)
        {
            return false;
        }
    }

    private AllocationFacts ImageFailed(AllocationFacts facts, Reason reason) =>
        ContainerFold.End(facts, AllocationInput.ImageFailed, new AttemptEnd(AttemptEndKind.Image, 0, TimeSpan.Zero), Now)
            with { Reason = reason };

    private AllocationFacts Refused(AllocationFacts facts, AllocationInput input, Reason reason) =>
        ContainerFold.End(facts, input, new AttemptEnd(AttemptEndKind.Refused, 0, TimeSpan.Zero), Now) with
        {
            Reason = reason,
            NeedsNewContainer = true,
        };

    private static bool IsEngineGone(DockerException error) =>
        error.Kind is DockerErrorKind.EngineUnavailable or DockerErrorKind.UnsupportedEngine;

    private static bool IsUnknown(DockerException error) => IsEngineGone(error) || error.Kind == DockerErrorKind.Timeout;
}
