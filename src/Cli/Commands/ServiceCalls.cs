// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Text;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>Questions about services that several commands ask.</summary>
internal static class ServiceCalls
{
    /// <summary>The named services; all when none is named.</summary>
    /// <exception cref="CliException">One of them does not exist: the nearest name is suggested.</exception>
    public static async Task<V1.ServicesSnapshot> ListAsync(
        CliSession session, IReadOnlyList<string> names, string? stack, bool withAllocations, CancellationToken cancellationToken)
    {
        var request = new V1.ListServicesRequest { Stack = stack ?? "", WithAllocations = withAllocations };
        request.Names.AddRange(names.Select(n => ServiceName.Parse(n).ToWire()));
        var snapshot = await session.Cluster.ReadAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ListAsync(request, options), cancellationToken);
        if (snapshot.Missing.Count > 0)
            throw await MissingAsync(session, snapshot.Missing.Select(Words.NameOf).ToArray(), cancellationToken);
        return snapshot;
    }

    /// <summary>One service with its spec.</summary>
    public static Task<V1.ServiceDetail> GetAsync(CliSession session, ServiceName name, CancellationToken cancellationToken) =>
        session.Cluster.ReadAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker)
                .GetAsync(new V1.GetServiceRequest { Name = name.ToWire() }, options), cancellationToken);

    /// <summary>The spec with the number of replicas that is wanted now, which <c>scale</c> may have set since.</summary>
    public static ServiceSpec Running(V1.ServiceDetail detail)
    {
        var spec = (detail.Spec
            ?? throw new CliException(ExitCode.Failed, $"the manager gave no spec of {Words.NameOf(detail.Status?.Name)}")).ToModel();
        return spec.Mode == ServiceMode.Replicated && detail.Status is { } status ? spec with { Replicas = status.Desired } : spec;
    }

    private static async Task<CliException> MissingAsync(CliSession session, string[] missing, CancellationToken cancellationToken)
    {
        var all = await session.Cluster.ReadAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ListAsync(new V1.ListServicesRequest(), options),
            cancellationToken);
        var hint = NearNames.Hint(missing[0], all.Services.Select(s => Words.NameOf(s.Name)));
        return new CliException(ExitCode.NotFound, $"there is no service {string.Join(", ", missing.Select(m => $"'{m}'"))}{hint}",
            "cluster service ls");
    }
}
