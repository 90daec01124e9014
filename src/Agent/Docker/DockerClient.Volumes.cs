// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    /// <inheritdoc/>
    public async Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken)
    {
        var body = new VolumeCreateDto(
            request.Name, request.Driver, EngineMapping.ToSend(request.DriverOptions), EngineMapping.ToSend(request.Labels));
        var call = DockerCall.Post("/volumes/create") with { Body = Json(body, DockerJson.Default.VolumeCreateDto) };
        return NetworkMapping.ToDetails(await _transport.CallAsync(call, DockerJson.Default.VolumeDto, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken)
    {
        var call = DockerCall.Get($"/volumes/{EnginePath.Escape(name)}");
        return NetworkMapping.ToDetails(await _transport.CallAsync(call, DockerJson.Default.VolumeDto, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var call = DockerCall.Get(EnginePath.WithQuery("/volumes", ("filters", EnginePath.Filters(("label", labels)))));
        var dto = await _transport.CallAsync(call, DockerJson.Default.VolumeListDto, cancellationToken);
        return [.. (dto.Volumes ?? []).Select(NetworkMapping.ToDetails).OrderBy(volume => volume.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        _transport.CallAsync(DockerCall.Delete($"/volumes/{EnginePath.Escape(name)}"), cancellationToken);
}
