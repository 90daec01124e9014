// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient : IContainerMakes
{
    /// <inheritdoc/>
    public Task<ContainerMakeDto> InspectContainerMakeAsync(string nameOrId, CancellationToken cancellationToken) =>
        _transport.CallAsync(DockerCall.Get(Of(nameOrId, "json")), DockerJson.Default.ContainerMakeDto, cancellationToken);

    /// <inheritdoc/>
    public Task<ImageMakeDto> InspectImageMakeAsync(string reference, CancellationToken cancellationToken) =>
        _transport.CallAsync(
            DockerCall.Get($"/images/{EnginePath.Escape(reference)}/json", DockerOperation.Image), DockerJson.Default.ImageMakeDto,
            cancellationToken);
}
