// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Hollow.Engine;

/// <summary>The rest of an engine: one network, and what no hollow agent asks for.</summary>
internal sealed partial class HollowEngine
{
    private static readonly NetworkDetails OneNetwork = new()
    {
        Id = "cm-default", Name = "cm-default", Driver = "bridge", Subnet = "172.30.0.0/16", Gateway = "172.30.0.1",
        Labels = new Dictionary<string, string>(), Options = new Dictionary<string, string>(),
    };

    public Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken) => Task.FromResult(OneNetwork);

    public Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken) => Task.FromResult(OneNetwork.Id);

    public Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new VolumeDetails(request.Name, request.Driver, "/", request.Labels, time.GetUtcNow()));

    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ContainerExit> WaitContainerAsync(
        string nameOrId, WaitCondition condition, Action? registered, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<LogLine> ReadLogsAsync(string nameOrId, LogRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
