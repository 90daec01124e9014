// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>Images, networks and volumes, as far as our agent asks for them.</summary>
internal sealed partial class SimulatedEngine
{
    private string Version => string.Create(CultureInfo.InvariantCulture, $"26.1.{5 + Upgrades}");

    public Task PingAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        SimulatedPing.AnswerAsync(_timeline, IsUp, IsHung, limit, cancellationToken);

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => CallAsync(() => new EngineInfo
    {
        Id = _host, Name = _host, ServerVersion = Version, ApiVersion = "1.45", Cpus = 4, MemoryBytes = 8L << 30, OsType = "linux",
        OperatingSystem = "simulated", Architecture = "x86_64", KernelVersion = "6.1", CgroupVersion = "2", StorageDriver = "overlay2",
        LiveRestore = HasLiveRestore, SecurityOptions = [], DataRoot = "/", ContainersRunning = _containers.Values.Count(c => c.IsRunning),
    }, cancellationToken);

    public async Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        var behaviour = SimulatedRegistry.BehaviourOf(reference);
        var took = behaviour == ImageBehaviour.SlowPull ? _chance.Between(20_000, 90_000) : _chance.Between(100, 3000);
        for (var at = TimeSpan.FromSeconds(3); progress is not null && at < took; at += TimeSpan.FromSeconds(3))
        {
            var bytes = (long)at.TotalSeconds << 20;
            if (!cancellationToken.IsCancellationRequested && behaviour == ImageBehaviour.SlowPull)
                _timeline.After(at, () => progress.Report(new PullProgress("layer", "Downloading", bytes, 90L << 20)));
        }

        return await CallAsync(() =>
        {
            if (behaviour == ImageBehaviour.NoPull) throw new DockerException(DockerErrorKind.RegistryUnreachable,
                "the registry does not answer");
            if (behaviour == ImageBehaviour.Missing) throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown");
            _images.Add(reference);
            return new PullResult(reference, null);
        }, cancellationToken, took);
    }

    public Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken) => CallAsync(() =>
        _images.Contains(reference)
            ? new ImageDetails
            {
                Id = reference, Tags = [], RepoDigests = [], Architecture = "amd64", Os = "linux", SizeBytes = 1, ExposedPorts = [],
                Labels = new Dictionary<string, string>(),
            }
            : throw new DockerException(DockerErrorKind.ImageNotFound, $"no such image: {reference}"), cancellationToken);

    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken) =>
        CallAsync(() =>
        SimulatedRegistry.BehaviourOf(TargetOf(reference)) == ImageBehaviour.Missing
            ? throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown")
            : SimulatedRegistry.DigestOf(TargetOf(reference)), cancellationToken, _chance.Between(20, 200));

    public Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken) => CallAsync(() =>
    {
        _hasNetwork = true;
        return request.Name;
    }, cancellationToken);

    public Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken) => CallAsync(() => _hasNetwork
        ? new NetworkDetails
        {
            Id = nameOrId, Name = nameOrId, Driver = "bridge", Subnet = "172.30.0.0/16", Gateway = "172.30.0.1",
            Labels = new Dictionary<string, string>(), Options = new Dictionary<string, string>(),
        }
        : throw new DockerException(DockerErrorKind.NotFound, "no such network"), cancellationToken);

    public Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken) => CallAsync(
        () => new VolumeDetails(request.Name, request.Driver, "/", request.Labels, VirtualTime.Epoch), cancellationToken);

    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<LogLine> ReadLogsAsync(string nameOrId, LogRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
