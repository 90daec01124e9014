// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Session;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>
/// Asks the engine about every container of this cluster and compares it with the request that would make it now. What is on its way up or
/// down is left out: it changes by itself. A few containers are looked at at a time, so that the engine has time for its work.
/// </summary>
internal sealed class DriftInspector(RunnerContext runners, IContainerMakes makes, Func<AssignmentBook> book) : IDriftInspector
{
    private const int AtOnce = 4;
    private const int FindingsMax = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    /// <inheritdoc/>
    public async Task<V1.Comparison> CompareAsync(V1.CompareRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, runners.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var report = new V1.Comparison { Request = request.Request };
        try
        {
            await CompareAllAsync(report, either.Token);
        }
        catch (DockerException error)
        {
            report.Problem = error.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            report.Problem = $"its Docker Engine did not answer everything within {Patience.TotalSeconds:0} s";
        }

        return report;
    }

    private async Task CompareAllAsync(V1.Comparison report, CancellationToken cancellationToken)
    {
        var wanted = book().Items;
        report.Known.AddRange(wanted.Keys.Select(id => id.ToWire()));
        var listed = await runners.Engine.ListContainersAsync([ContainerLabels.Filter(runners.Node.Cluster)], cancellationToken);
        report.Findings.AddRange(listed.Select(Stranger).OfType<V1.ContainerFinding>().Take(FindingsMax));
        var gateway = await runners.Network.GatewayAsync(cancellationToken);
        var steady = runners.Board.Current.Values.Where(view => IsSteady(view.Facts) && wanted.TryGetValue(view.Facts.Id, out var mine)
            && mine.Desired == DesiredState.Run).ToList();
        foreach (var some in steady.Chunk(AtOnce))
        {
            var found = await Task.WhenAll(
                some.Select(view => CompareAsync(view.Facts, wanted[view.Facts.Id], gateway, cancellationToken)));
            report.Compared += some.Length;
            report.Findings.AddRange(found.OfType<V1.ContainerFinding>().Take(FindingsMax - report.Findings.Count));
        }
    }

    private static bool IsSteady(AllocationFacts facts) =>
        facts is { State: AllocationState.Running, ContainerId.Length: > 0, NeedsNewContainer: false };

    /// <summary>It has our labels, and neither an assignment nor a runner that takes it away.</summary>
    private V1.ContainerFinding? Stranger(ContainerSummary container)
    {
        var owner = ContainerLabels.OwnerOf(container.Labels, runners.Node.Cluster);
        if (owner is { } id && runners.Board.Current.TryGetValue(id, out var view)
            && (view.Facts.ContainerId == container.Id || !IsSteady(view.Facts))) return null;
        return new V1.ContainerFinding
        {
            Kind = V1.DriftKind.Unknown, Allocation = owner?.ToWire(), ContainerId = container.Id, ContainerName = container.Name,
        };
    }

    private async Task<V1.ContainerFinding?> CompareAsync(
        AllocationFacts facts, Assignment assignment, string? gateway, CancellationToken cancellationToken)
    {
        var finding = new V1.ContainerFinding { Allocation = facts.Id.ToWire(), ContainerId = facts.ContainerId };
        if (await FindAsync(facts.ContainerId, cancellationToken) is not { } found)
        {
            finding.Kind = V1.DriftKind.Missing;
            return finding;
        }

        var image = await ImageAsync(found.Image ?? "", cancellationToken);
        var attempt = ContainerLabels.AttemptOf(found.Config?.Labels ?? []);
        var bindings = ContainerRequestBuilder.Bindings(assignment.Spec, PortsOf(assignment.Spec, facts));
        var request = ContainerRequestBuilder.Build(runners.Node, assignment, attempt, bindings, ContainerNetwork.Name, gateway);
        var fields = ContainerComparison.Of(ContainerRequestMapping.ToDto(request), found, image);
        if (fields.Count == 0) return null;
        finding.Kind = V1.DriftKind.Changed;
        finding.ContainerName = found.Name?.TrimStart('/') ?? "";
        finding.Fields.AddRange(fields.Select(field => new V1.FieldDrift
        {
            Field = field.Field, Wanted = field.Wanted, Found = field.Found, Hidden = field.IsHidden,
        }));
        return finding;
    }

    /// <summary>Fixed ports are the spec's; a port of its own is the one that the allocation keeps.</summary>
    private static ImmutableArray<HostPort> PortsOf(ServiceSpec spec, AllocationFacts facts) =>
        [.. spec.Ports.Select(port => new HostPort(port.Target, port.Published ?? OwnPort(port, facts), port.Protocol))];

    private static int OwnPort(PortSpec port, AllocationFacts facts) =>
        facts.HostPorts.FirstOrDefault(own => own.Target == port.Target && own.Protocol == port.Protocol)?.Published ?? 0;

    private async Task<ContainerMakeDto?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await makes.InspectContainerMakeAsync(id, cancellationToken);
        }
        catch (DockerException error) when (error.Kind == DockerErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<MadeConfigDto?> ImageAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await makes.InspectImageMakeAsync(id, cancellationToken)).Config;
        }
        catch (DockerException error) when (error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.NotFound)
        {
            return null;
        }
    }
}
