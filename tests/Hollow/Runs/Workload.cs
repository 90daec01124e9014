// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Hollow.Cluster;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Hollow.Runs;

/// <summary>Services on a hollow cluster, and changes of them: each service is scaled up by one, the next time down by one.</summary>
/// <param name="cluster">Where.</param>
/// <param name="services">How many.</param>
/// <param name="replicas">Of each, when it is not scaled up.</param>
internal sealed class Workload(HollowCluster cluster, int services, int replicas)
{
    private const int AppliesAtOnce = 8;
    private static readonly TimeSpan DeployLimit = TimeSpan.FromMinutes(3);
    private readonly V1.ServiceApi.ServiceApiClient _api = new(cluster.Operator);
    private readonly bool[] _isUp = new bool[services];
    private int _requests;

    /// <summary>Creates all services and waits until all containers run.</summary>
    public async Task DeployAsync(CancellationToken cancellationToken)
    {
        for (var first = 0; first < services; first += AppliesAtOnce)
        {
            var some = Enumerable.Range(first, Math.Min(AppliesAtOnce, services - first));
            await Task.WhenAll(some.Select(service => ApplyAsync(service, cancellationToken)));
        }

        var wanted = services * replicas;
        await cluster.WaitAsync(
            $"{wanted} containers run", DeployLimit, () => Task.FromResult(cluster.Fleet.RunningCount == wanted), cancellationToken);
    }

    /// <summary>Makes the n-th change, from 0; returns when the manager has accepted it.</summary>
    /// <returns>The service's name when it was scaled up, so that one container more will run; else null.</returns>
    public async Task<string?> ChangeAsync(int number, CancellationToken cancellationToken)
    {
        var service = number % services;
        var isUp = _isUp[service] = !_isUp[service];
        var request = new V1.ScaleRequest { RequestId = NextRequest() };
        request.Targets.Add(new V1.ScaleTarget
        {
            Name = new V1.ServiceName { Stack = "default", Name = NameOf(service) }, Replicas = replicas + (isUp ? 1 : 0),
        });
        await _api.ScaleAsync(request, cancellationToken: cancellationToken);
        return isUp ? NameOf(service) : null;
    }

    /// <summary>Whether the n-th change will scale up.</summary>
    public bool WillScaleUp(int number) => !_isUp[number % services];

    /// <summary>Of which service the n-th change is.</summary>
    public string TargetOf(int number) => NameOf(number % services);

    private async Task ApplyAsync(int service, CancellationToken cancellationToken)
    {
        var spec = new ServiceSpec
        {
            Name = ServiceName.Parse(NameOf(service)), Replicas = replicas,
            Container = new ContainerSpec { Image = "registry.test:5000/hollow:1" },
        };
        var request = new V1.ApplyServiceRequest { RequestId = NextRequest(), Expect = V1.Expect.Any, Spec = spec.ToWire() };
        await _api.ApplyAsync(request, cancellationToken: cancellationToken);
    }

    private string NextRequest() => string.Create(CultureInfo.InvariantCulture, $"hollow-{Interlocked.Increment(ref _requests)}");

    private static string NameOf(int service) => string.Create(CultureInfo.InvariantCulture, $"s{service:0000}");
}
